"""Settings of reporting, from the environment (contract section 8)."""

from pydantic import Field

from shared.settings import ServiceSettings


class Settings(ServiceSettings):
    """REPORTING_* and what all services share; read by `app` only."""

    port: int = Field(8003, validation_alias="REPORTING_PORT")
    database_url_text: str = Field("", validation_alias="REPORTING_DATABASE_URL", repr=False)
    registration_url: str = Field("http://127.0.0.1:8001", validation_alias="REGISTRATION_URL")
    live_connections: int = Field(200, validation_alias="REPORTING_LIVE_CONNECTIONS", ge=0)
    """How many may watch the stream of changes at once, in each process."""

    publish_day: int = Field(0, validation_alias="REPORTING_PUBLISH_DAY", ge=0, le=31)
    """On which day of the month to publish, in Amsterdam; the last day where a month is shorter; 0: never."""

    @property
    def database_url(self) -> str:
        """SQLite in the data folder until another database is named."""
        return self.database_url_text or self.sqlite_url("reporting")
