"""Settings of patients."""

from dermfolio.common.settings import DatabaseSettings, Key


class PatientsSettings(DatabaseSettings):
    """`installation_key` wraps every patient's data key; losing it loses every photograph."""

    installation_key: Key
    installation_key_id: str = "1"
