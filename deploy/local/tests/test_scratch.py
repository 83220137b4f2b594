"""Directories are used by one process at a time, and scratch leaves nothing behind."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from dermfolio.local import places
from dermfolio.local.scratch import DirectoryInUseError, claimed, remove, scratch_directory


def test_a_directory_is_ours_alone_until_we_leave_it(tmp_path: Path):
    with claimed(tmp_path / "run"):
        with pytest.raises(DirectoryInUseError, match="another process"), claimed(tmp_path / "run"):
            pass
        assert (tmp_path / "run").stat().st_mode & 0o777 == 0o700
    with claimed(tmp_path / "run"):
        pass


def test_a_scratch_directory_is_gone_afterwards():
    with scratch_directory() as directory:
        (directory / "file").write_text("x")
        assert directory.stat().st_mode & 0o777 == 0o700
    assert not directory.exists()


def test_what_a_killed_process_left_is_removed_by_the_next_once_it_is_old():
    code = (
        "import os\nfrom dermfolio.local.scratch import scratch_directory\n"
        "with scratch_directory() as d: print(d, flush=True); os.kill(os.getpid(), 9)"
    )
    left = Path(
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False).stdout.strip()
    )
    with scratch_directory():
        assert left.exists(), "it may have been made just now, by a process that is alive"
    os.utime(left, (0, 0))
    with scratch_directory():
        assert not left.exists()


def test_one_in_use_is_left_alone_however_old():
    with scratch_directory() as old:
        os.utime(old, (0, 0))
        with scratch_directory():
            assert old.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root keeps data outside")
def test_what_postgres_kept_elsewhere_goes_too_and_nothing_else(tmp_path: Path):
    directories = [tmp_path / "run" / "postgres", tmp_path / "other"]
    kept = [places.outside_of(directory) for directory in directories]
    for directory, place in zip(directories, kept, strict=True):
        directory.mkdir(parents=True)
        place.mkdir(parents=True)
        places.mark_outside(directory)
    remove(tmp_path / "run")
    assert [place.exists() for place in kept] == [False, True]
    remove(tmp_path / "other")
    assert not kept[1].exists()
