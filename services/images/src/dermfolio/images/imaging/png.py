"""The structure of a PNG file (W3C PNG, section 5)."""


def is_whole(data: bytes) -> bool:
    """Whether the file's chunks lead to a complete IEND. One step for each chunk."""
    at = 8
    while at + 12 <= len(data):
        if data[at + 4 : at + 8] == b"IEND":
            return True
        at += 12 + int.from_bytes(data[at : at + 4], "big")
    return False
