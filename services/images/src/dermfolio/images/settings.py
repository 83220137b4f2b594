"""Settings of images."""

from datetime import timedelta

from dermfolio.common.settings import DatabaseSettings, StoreSettings
from dermfolio.images.losses import MISSING_AT_MOST
from dermfolio.images.sweep import STRAYS_AT_MOST


class ImagesSettings(DatabaseSettings, StoreSettings):
    """Limits of decoding, and how the store is compared with the table and examined."""

    decoding_workers: int = 2
    decoding_seconds: float = 30.0
    decoding_memory_mb: int = 1024
    sweep_after_minutes: int = 60
    sweep_every_minutes: float = 10

    quarantine_days: float = 7
    missing_at_most: int = MISSING_AT_MOST
    """Photographs that have lost something and are told of one by one; more of them are one alarm about the store."""

    strays_at_most: int = STRAYS_AT_MOST
    """Originals that may be in quarantine; while there are more, nothing is removed from there."""

    scrub_every_minutes: float = 10
    scrub_at_once: int = 80
    """Originals that are examined in a run: at every ten minutes, a million in 87 days."""

    scrub_again_after_days: float = 30

    @property
    def quarantine(self) -> timedelta:
        """How long bytes of which nothing is known are kept once they were found."""
        return timedelta(days=self.quarantine_days)

    @property
    def scrub_again_after(self) -> timedelta:
        """Age at which an examination counts no longer."""
        return timedelta(days=self.scrub_again_after_days)

    @property
    def sweep_after(self) -> timedelta:
        """Age at which bytes that no image claims belong to nothing under way."""
        return timedelta(minutes=self.sweep_after_minutes)
