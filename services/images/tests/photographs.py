"""Small real files, made here."""

import pyvips


def photograph(seed: int = 1, *, width: int = 640, height: int = 480, quality: int = 85) -> bytes:
    """A JPEG of seeded noise over a skin tone."""
    noise = pyvips.Image.gaussnoise(width, height, sigma=12, mean=0, seed=seed)
    tone = ((pyvips.Image.black(width, height, bands=3) + [205, 150, 125]) + noise).cast("uchar")  # noqa: RUF005
    data: bytes = tone.copy(interpretation="srgb").jpegsave_buffer(Q=quality)
    return data
