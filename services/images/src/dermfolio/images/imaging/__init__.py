"""The pure core: the bytes of a file in, facts and renditions out, or the reason why not.

It imports nothing of ours, so that the processes that decode files of strangers hold nothing worth reaching. The work
is `develop.develop`; here are the values alone, so that a process which only passes them on does not load libvips.
"""

from dermfolio.images.imaging.results import (
    FULL,
    CaptureFacts,
    Developed,
    Limits,
    Reason,
    Rejected,
    Rendition,
    Size,
)

__all__ = ["FULL", "CaptureFacts", "Developed", "Limits", "Reason", "Rejected", "Rendition", "Size"]
