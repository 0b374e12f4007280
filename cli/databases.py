"""The three databases by their URLs, for the commands that work while no service answers (contract section 9)."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from cli.addresses import PORTS
from cli.errors import Complaint
from shared.database import connect

MIGRATIONS = Path(__file__).resolve().parents[1] / "migrations"


def database_urls(folder: Path, environ: Mapping[str, str]) -> dict[str, str]:
    """Service -> URL: from the environment, else the SQLite file in the data folder. Complains where two are one."""
    urls = {
        service: environ.get(f"{service.upper()}_DATABASE_URL") or f"sqlite:///{folder / service}.db"
        for service in PORTS
    }
    if len(set(urls.values())) < len(urls):
        raise Complaint("Two services have the same database; each needs one of its own.", 2)
    return urls


@contextmanager
def engine_of(service: str, url: str) -> Iterator[Engine]:
    """Closed with the block. Complains about a URL that cannot be read, and about what the database refuses."""
    try:
        engine = connect(url)
    except (ArgumentError, NoSuchModuleError):
        raise Complaint(f"{service.upper()}_DATABASE_URL is no address of a database.", 2) from None
    try:
        yield engine
    except SQLAlchemyError as error:
        raise Complaint(f"The database of {service} refuses: {_first_line(error)}") from None
    finally:
        engine.dispose()


def _first_line(error: SQLAlchemyError) -> str:
    return str(error).splitlines()[0].rstrip(".") + "."
