"""REGISTRATION_* from the environment; read by app only."""

from pydantic import Field

from shared.settings import ServiceSettings


class Settings(ServiceSettings):
    """What registration alone needs (contract section 8)."""

    port: int = Field(8001, validation_alias="REGISTRATION_PORT")
    database_url_given: str | None = Field(None, validation_alias="REGISTRATION_DATABASE_URL", repr=False)
    person_key: str = Field(validation_alias="REGISTRATION_PERSON_KEY", min_length=32, repr=False)
    """The key behind every `pid`; without it everybody is somebody new. Back it up apart."""

    contact_retention_days: int = Field(90, validation_alias="REGISTRATION_CONTACT_RETENTION_DAYS", ge=1, le=36_500)
    """Contact data goes so many days after its person's last activity (contract section 7); there is no "never"."""

    @property
    def database_url(self) -> str:
        """As given, else a SQLite file in the data folder."""
        return self.database_url_given or self.sqlite_url("registration")
