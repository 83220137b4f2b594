"""Objects in any S3 store: sealed on the way in, opened on the way out, never held whole unless asked for."""

from dermfolio.common.blobs.opened import Opened
from dermfolio.common.blobs.store import Blobs, Stored
from dermfolio.common.blobs.transfers import BlobExists, BlobMissing

__all__ = ["BlobExists", "BlobMissing", "Blobs", "Opened", "Stored"]
