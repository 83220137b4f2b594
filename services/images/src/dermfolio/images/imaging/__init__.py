"""The pure core: the bytes of a file in, facts and renditions out, or the reason why not.

It imports nothing of ours, so that the processes that decode files of strangers hold nothing worth reaching.
"""

from dermfolio.images.imaging.develop import develop
from dermfolio.images.imaging.results import (
    CaptureFacts,
    Developed,
    Limits,
    Reason,
    Rejected,
    Rendition,
)

__all__ = ["CaptureFacts", "Developed", "Limits", "Reason", "Rejected", "Rendition", "develop"]
