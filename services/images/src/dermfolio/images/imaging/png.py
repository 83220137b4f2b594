"""The structure of a PNG file (W3C PNG, section 5)."""

from dermfolio.images.imaging.results import Reason


def fault(data: bytes, _frames: int) -> Reason | None:
    """What the structure says against a file: its chunks must lead to a complete IEND. One step for each chunk.

    Of an animation only the default picture is read, however many frames it has.
    """
    at = 8
    while at + 12 <= len(data):
        if data[at + 4 : at + 8] == b"IEND":
            return None
        at += 12 + int.from_bytes(data[at : at + 4], "big")
    return Reason.TRUNCATED
