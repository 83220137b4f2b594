"""Small sound files of every format, in the ways that it can be written in."""

import numpy as np
from PIL import Image

from .samples import avif, corners, gif, jpeg, png, texture, tiff, webp
from .tiff_files import tiff_file

_PICTURE = texture(80, 60)
_TURNED = _PICTURE.transpose(Image.Transpose.ROTATE_180)
_SEEN_THROUGH = Image.merge("RGBA", (*_PICTURE.split(), corners(80, 60).convert("L")))
_SEVERAL = {"save_all": True, "append_images": [_TURNED, corners(80, 60)]}
_ROWS = _PICTURE.tobytes()

SOUND: dict[str, bytes] = {
    "jpeg": jpeg(_PICTURE),
    "progressive jpeg": jpeg(_PICTURE, progressive=True),
    "jpeg with restarts": jpeg(_PICTURE, restart_marker_blocks=4),
    "grey jpeg": jpeg(_PICTURE.convert("L")),
    "cmyk jpeg": jpeg(_PICTURE.convert("CMYK")),
    "png": png(_PICTURE),
    "palette png": png(_PICTURE.quantize(16)),
    "png with alpha": png(_SEEN_THROUGH),
    "16-bit png": png(Image.fromarray(np.asarray(_PICTURE)[..., 0].astype(np.uint16) * 257)),
    "animated png": png(_PICTURE, **_SEVERAL),
    "webp": webp(_PICTURE),
    "lossless webp": webp(_PICTURE, lossless=True),
    "webp with alpha": webp(_SEEN_THROUGH),
    "animated webp": webp(_PICTURE, **_SEVERAL),
    "avif": avif(_PICTURE),
    "subsampled avif": avif(_PICTURE, subsampling="4:2:0"),
    "avif with alpha": avif(_SEEN_THROUGH),
    "avif sequence": avif(_PICTURE, **_SEVERAL),
    "tiff": tiff(_PICTURE),
    "lzw tiff": tiff(_PICTURE, compression="tiff_lzw"),
    "deflate tiff": tiff(_PICTURE, compression="tiff_adobe_deflate"),
    "packbits tiff": tiff(_PICTURE, compression="packbits"),
    "jpeg tiff": tiff(_PICTURE, compression="jpeg"),
    "fax tiff": tiff(_PICTURE.convert("1"), compression="group4"),
    "palette tiff": tiff(_PICTURE.quantize(16)),
    "cmyk tiff": tiff(_PICTURE.convert("CMYK")),
    "lab tiff": tiff_file(80, 60, _ROWS[:7200], _ROWS[7200:], photometric=8),
    "tiff with alpha": tiff(_SEEN_THROUGH),
    "float tiff": tiff(_PICTURE.convert("F")),
    "big-endian bigtiff": tiff_file(80, 60, _ROWS, order=">", big=True),
    "tiff of pages": tiff(_PICTURE, **_SEVERAL),
    "gif": gif(_PICTURE),
    "interlaced gif": gif(_PICTURE, interlace=1),
    "gif with transparency": gif(_SEEN_THROUGH.quantize(32), transparency=0),
    "animated gif": gif(_PICTURE, **_SEVERAL),
}
