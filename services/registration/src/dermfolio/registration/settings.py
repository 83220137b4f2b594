"""Settings of registration."""

from datetime import timedelta

from dermfolio.common.settings import DatabaseSettings


class RegistrationSettings(DatabaseSettings):
    """How long a change of a comparison may take."""

    give_up_after_minutes: float = 10
    """When a change that was begun and not written is given up: longer than images takes over any question, whose
    caller is believed for a minute and whose transactions end within two.
    """

    give_up_every_seconds: float = 60

    @property
    def give_up_after(self) -> timedelta:
        """Age at which a hold that no comparison has is given up."""
        return timedelta(minutes=self.give_up_after_minutes)
