"""Settings of images."""

from datetime import timedelta

from dermfolio.common.settings import DatabaseSettings, StoreSettings


class ImagesSettings(DatabaseSettings, StoreSettings):
    """Limits of decoding, and how long unclaimed bytes are left alone."""

    decoding_workers: int = 2
    decoding_seconds: float = 30.0
    decoding_memory_mb: int = 1024
    sweep_after_minutes: int = 60
    sweep_every_minutes: float = 10

    @property
    def sweep_after(self) -> timedelta:
        """Age at which bytes that no image claims are removed."""
        return timedelta(minutes=self.sweep_after_minutes)
