"""Bring a store to the newest schema. The migrations are numbered."""

from collections.abc import Callable
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, make_url

from core.settings import Settings, get_settings
from db.models import Base
from db.session import Store

_FOLDER = Path(__file__).resolve().parent / "migrations"


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    config.attributes["connection"] = connection
    return config


def head_revision() -> str:
    """Return the newest schema number in the code."""
    return str(ScriptDirectory.from_config(_config()).get_current_head())


def current_revision(connection: Connection) -> str | None:
    """Return the schema number of the store, None when it is empty."""
    return MigrationContext.configure(connection).get_current_revision()


def upgrade(url: str, settings: Settings | None = None, revision: str = "head") -> None:
    """Migrate the store at *url* to *revision*; creates the folder of a SQLite file."""
    path = make_url(url).database
    if url.startswith("sqlite") and path:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    _run(url, settings, lambda config: command.upgrade(config, revision))


def downgrade(url: str, revision: str, settings: Settings | None = None) -> None:
    """Take the store at *url* back to *revision* (``base`` = nothing left)."""
    _run(url, settings, lambda config: command.downgrade(config, revision))


def _run(url: str, settings: Settings | None, step: Callable[[Config], None]) -> None:
    """
    Take *step* in one transaction.

    SQLite changes a table by filling a new one and dropping the old one. References to its rows would forbid that, so
    they are not enforced meanwhile (which must be said before the transaction begins) and are checked at its end.
    """
    store = Store(url, settings or get_settings())
    try:
        with store.engine.execution_options(warroom_write=True).connect() as connection:
            if store.is_sqlite:
                connection.connection.cursor().execute("PRAGMA foreign_keys=OFF")
            with connection.begin():
                step(_config(connection))
                if store.is_sqlite and (broken := connection.exec_driver_sql("PRAGMA foreign_key_check").first()):
                    raise RuntimeError(f"migration broke a reference: {tuple(broken)}")
    finally:
        store.dispose()


def differences(connection: Connection) -> list[object]:
    """Return what the models have and the store has not, or the other way round (empty = equal)."""
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return list(compare_metadata(context, Base.metadata))
