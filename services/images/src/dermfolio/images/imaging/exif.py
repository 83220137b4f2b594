"""The few Exif tags that matter here, read without trust (Exif 2.32). Where a photograph was taken is not among them.

No link is followed but the two from the main directory to its sub-directories, so that a loop of directories cannot
catch the reader.
"""

from dataclasses import dataclass

from dermfolio.images.imaging.directories import LONG, LONG8, SHORT, Directories, Directory

_MAKE, _MODEL, _ORIENTATION, _EXIF_DIRECTORY = 0x010F, 0x0110, 0x0112, 0x8769
_TAKEN, _DIGITIZED, _INTEROPERABILITY_DIRECTORY = 0x9003, 0x9004, 0xA005
_EXPOSURE, _F_NUMBER, _SENSITIVITY, _RECOMMENDED_INDEX = 0x829A, 0x829D, 0x8827, 0x8832
_FLASH, _FOCAL_LENGTH, _LENS = 0x9209, 0x920A, 0xA434
_INTEROPERABILITY_INDEX = 0x0001

_OVER_SHORT = 65535
"""In the tag of the sensitivity: the value does not fit, and stands in another tag."""


@dataclass(frozen=True, slots=True)
class Exif:
    """Tags as they stand in the file; None or 1 where absent or of the wrong kind."""

    make: str | None = None
    model: str | None = None
    taken: str | None = None
    """DateTimeOriginal, else DateTimeDigitized."""
    orientation: int = 1
    interoperability: str | None = None
    """`R03` says that the pixels are Adobe RGB (DCF 2.0), which cameras write without embedding a profile."""
    lens: str | None = None
    exposure: float | None = None
    """Seconds."""
    f_number: float | None = None
    sensitivity: int | None = None
    """ISO 12232."""
    focal_length: float | None = None
    """Millimetres."""
    flash: int | None = None
    """Bit 0: it fired."""


def read(block: bytes) -> Exif:
    """Read an Exif block, with or without the prefix that JPEG puts before it, or the directories of a TIFF file.

    Never raises; what cannot be read is absent.
    """
    tags = Directories.opened(block.removeprefix(b"Exif\0\0"))
    if tags is None:
        return Exif()
    main = tags.directory(tags.first)
    shot = tags.directory(_link(tags, main, _EXIF_DIRECTORY))
    interoperability = tags.directory(_link(tags, shot, _INTEROPERABILITY_DIRECTORY))
    orientation = _short(tags, main, _ORIENTATION)
    sensitivity = tags.number(shot, _SENSITIVITY)
    return Exif(
        make=tags.text(main, _MAKE),
        model=tags.text(main, _MODEL),
        taken=tags.text(shot, _TAKEN) or tags.text(shot, _DIGITIZED),
        orientation=orientation if orientation is not None and 1 <= orientation <= 8 else 1,
        interoperability=tags.text(interoperability, _INTEROPERABILITY_INDEX),
        lens=tags.text(shot, _LENS),
        exposure=tags.ratio(shot, _EXPOSURE),
        f_number=tags.ratio(shot, _F_NUMBER),
        sensitivity=tags.number(shot, _RECOMMENDED_INDEX) if sensitivity == _OVER_SHORT else sensitivity,
        focal_length=tags.ratio(shot, _FOCAL_LENGTH),
        flash=_short(tags, shot, _FLASH),
    )


def _link(tags: Directories, directory: Directory, tag: int) -> int:
    entry = directory.get(tag)
    return tags.number(directory, tag) or 0 if entry is not None and entry.kind in {LONG, LONG8} else 0


def _short(tags: Directories, directory: Directory, tag: int) -> int | None:
    entry = directory.get(tag)
    return tags.number(directory, tag) if entry is not None and entry.kind == SHORT else None
