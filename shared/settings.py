"""Settings that every service reads from the environment (contract section 8), frozen."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class ServiceSettings(BaseSettings):
    """What the three services have in common. A service adds its own, each named by its variable."""

    model_config = SettingsConfigDict(frozen=True, populate_by_name=True, extra="ignore")

    admin_key: str = Field(validation_alias="KOMERBIJ_ADMIN_KEY", min_length=32, repr=False)
    """The admin key of all three services."""
    service_key: str = Field(validation_alias="KOMERBIJ_SERVICE_KEY", min_length=32, repr=False)
    """For the three narrow calls between services."""
    redis_url: str = Field("redis://127.0.0.1:6379/0", validation_alias="KOMERBIJ_REDIS_URL", repr=False)
    data: Path = Field(Path("var"), validation_alias="KOMERBIJ_DATA")
    host: str = Field("127.0.0.1", validation_alias="KOMERBIJ_HOST")
    cors_origins_text: str = Field("", validation_alias="KOMERBIJ_CORS_ORIGINS")
    api_contact: str | None = Field(None, validation_alias="KOMERBIJ_API_CONTACT")
    rate_limit: int = Field(60_000, validation_alias="KOMERBIJ_RATE_LIMIT", ge=0)
    """Events a minute and key; 0 for no limit."""

    @property
    def cors_origins(self) -> tuple[str, ...]:
        """The origins whose pages may call the API, comma-separated in the environment."""
        return tuple(origin.strip() for origin in self.cors_origins_text.split(",") if origin.strip())

    def sqlite_url(self, service: str) -> str:
        """The default database: a file in the data folder that carries the service's name."""
        return f"sqlite:///{(self.data / f'{service}.db').absolute()}"
