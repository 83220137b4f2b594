"""Generated photographs."""

import pytest
import pyvips

from dermfolio.ops.photographs import TOO_LARGE_BYTES, Fate, Photograph, demonstration, photograph, retaken
from dermfolio.ops.photographs.camera import Shot
from dermfolio.ops.photographs.scenes import Scene

SCENE = Scene("IV", "mole", 40, 0.1)
TAKEN = "2026:03:02 09:14:51"


@pytest.fixture(scope="module")
def files() -> list[Photograph]:
    return demonstration()


def opened(data: bytes) -> pyvips.Image:
    return pyvips.Image.new_from_buffer(data, "", fail_on="truncated")


def test_the_same_seed_makes_the_same_file():
    shot = Shot(320, 240, TAKEN)
    assert photograph(SCENE, shot, 1) == photograph(SCENE, shot, 1) != photograph(SCENE, shot, 2)


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_a_turned_camera_says_so_and_stores_what_its_sensor_saw(orientation: int):
    picture = opened(photograph(SCENE, Shot(320, 240, TAKEN, orientation=orientation), 1))
    assert (picture.width, picture.height) == (320, 240)
    assert picture.get("orientation") == orientation
    upright = picture.autorot()
    assert (upright.width < upright.height) == (orientation in {6, 8})


def test_exif_tells_camera_and_time():
    picture = opened(photograph(SCENE, Shot(320, 240, TAKEN, latitude="52/1 31/1 12/1"), 1))
    assert picture.get("exif-ifd0-Make").startswith("Lumen Optics")
    assert picture.get("exif-ifd2-DateTimeOriginal").startswith(TAKEN)
    assert "52" in picture.get("exif-ifd3-GPSLatitude")


def test_a_wide_gamut_looks_the_same_under_its_own_profile():
    plain, wide = (opened(photograph(SCENE, Shot(320, 240, TAKEN, wide_gamut=gamut), 1)) for gamut in (False, True))
    assert len(wide.get("icc-profile-data")) > 0
    there_and_back = wide.icc_transform("srgb", intent="relative")
    assert (there_and_back - plain).abs().avg() < 2 < (wide - plain).abs().avg()


def test_the_demonstration_has_a_dozen_and_what_goes_wrong(files: list[Photograph]):
    fates = [file.fate for file in files]
    assert fates.count(Fate.ACCEPTED) == 12
    assert {f: fates.count(f) for f in (Fate.REJECTED, Fate.TOO_LARGE, Fate.DUPLICATE)} == {
        Fate.REJECTED: 1,
        Fate.TOO_LARGE: 1,
        Fate.DUPLICATE: 1,
    }
    good = [file for file in files if file.fate is Fate.ACCEPTED]
    assert len({file.data for file in good}) == len({file.file_name for file in good}) == 12


def test_good_files_decode_whole_and_the_cut_off_one_does_not(files: list[Photograph]):
    for file in files:
        picture = opened(file.data)
        if file.fate is Fate.REJECTED:
            with pytest.raises(pyvips.Error):
                picture.avg()
        else:
            assert 30 < picture.avg() < 230
            assert 1_000_000 <= picture.width * picture.height <= 12_000_000


def test_one_is_too_large_and_one_is_a_copy(files: list[Photograph]):
    [large] = [file for file in files if file.fate is Fate.TOO_LARGE]
    [copy] = [file for file in files if file.fate is Fate.DUPLICATE]
    assert len(large.data) == TOO_LARGE_BYTES > 16 * 2**20
    assert copy.data in [file.data for file in files if file is not copy]


def test_taking_it_again_changes_the_file_and_not_the_picture():
    jpeg = photograph(SCENE, Shot(320, 240, TAKEN), 1)
    again = {retaken(jpeg, number) for number in range(3)}
    assert len(again | {jpeg}) == 4
    assert all(opened(a).write_to_memory() == opened(jpeg).write_to_memory() for a in again)
