"""What files of ISO base media (ISO/IEC 14496-12) say that they are, in their first box."""

HEIC = frozenset({b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"hevm", b"hevs"})
"""Pictures and sequences coded as HEVC (ISO/IEC 23008-12, annex B)."""

AVIF = frozenset({b"avif", b"avis"})
"""Still pictures coded as AV1, and sequences, which hold a still picture as well."""


def brands(data: bytes) -> set[bytes]:
    """The brand that a file is first of all, and those that it is compatible with; none where it is no such file."""
    if data[4:8] != b"ftyp":
        return set()
    end = min(int.from_bytes(data[:4], "big"), len(data), 1024)
    return {data[8:12], *(data[at : at + 4] for at in range(16, end - 3, 4))}
