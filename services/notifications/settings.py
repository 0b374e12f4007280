"""NOTIFICATIONS_* from the environment; read by app only."""

from pydantic import Field

from shared.settings import ServiceSettings


class Settings(ServiceSettings):
    """What notifications alone needs (contract section 8)."""

    port: int = Field(8002, validation_alias="NOTIFICATIONS_PORT")
    database_url_given: str | None = Field(None, validation_alias="NOTIFICATIONS_DATABASE_URL", repr=False)
    smtp_url: str | None = Field(None, validation_alias="NOTIFICATIONS_SMTP_URL", repr=False)
    """`smtp://[user:password@]host[:port]` (STARTTLS where offered) or `smtps://`; none: the mailbox folder."""
    sms_url: str | None = Field(None, validation_alias="NOTIFICATIONS_SMS_URL", repr=False)
    """`https://host[/path]?template=<uuid>[&sender=<uuid>]` (GOV.UK Notify, NotifyNL); none: nobody gets an SMS."""
    sms_key: str | None = Field(None, validation_alias="NOTIFICATIONS_SMS_KEY", repr=False)
    """The provider's API key, as it shows it: `<name>-<service uuid>-<secret uuid>`."""
    mails_per_second: float = Field(3.0, validation_alias="NOTIFICATIONS_MAILS_PER_SECOND", ge=0, allow_inf_nan=False)
    """To the addresses of one domain, of each process; 0: no limit. The mailbox folder has none."""
    sender: str = Field("KomErbij <komerbij@example.org>", validation_alias="NOTIFICATIONS_SENDER")
    """The From of every mail; its domain is that of the Message-IDs."""
    reminders: str = Field("P1D", validation_alias="NOTIFICATIONS_REMINDERS")
    quiet_hours: str = Field("21:00-08:00", validation_alias="NOTIFICATIONS_QUIET_HOURS")
    public_url: str = Field("http://127.0.0.1:8002", validation_alias="NOTIFICATIONS_PUBLIC_URL")
    """Where readers of mails reach this service: the links that stop reminders begin with it."""
    registration_url: str = Field("http://127.0.0.1:8001", validation_alias="REGISTRATION_URL")

    @property
    def database_url(self) -> str:
        """As given, else a SQLite file in the data folder."""
        return self.database_url_given or self.sqlite_url("notifications")
