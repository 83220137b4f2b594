"""The pure core: two photographs in, one alignment or the reason for none out. It imports nothing of ours.

`align` does it by itself, `landmarks` by hand; `stored` and `quarter_turns` are about the form in which both are kept.
"""

from dermfolio.registration.geometry.pipeline import align
from dermfolio.registration.geometry.values import VERSION, Alignment, Matrix, Model, Picture, Points, Refusal

__all__ = ["VERSION", "Alignment", "Matrix", "Model", "Picture", "Points", "Refusal", "align"]
