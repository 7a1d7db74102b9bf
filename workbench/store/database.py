"""The connection: SQLite with foreign keys and WAL, at the schema version of this code."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, create_engine, event, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DatabaseError, OperationalError, SQLAlchemyError
from sqlalchemy.orm import Session

from workbench.errors import SchemaVersionError, StoreError
from workbench.jsonlines import parse_json

#: The newest migration; a test holds it against the migrations folder.
SCHEMA_VERSION = "0005"
_MIGRATIONS = Path(__file__).with_name("migrations")


class Database:
    """One workspace's database.

    `url` is an SQLAlchemy URL. Opening creates the tables in an empty
    database and refuses one of another schema version (SchemaVersionError) or
    a file that is not a database (StoreError).
    """

    def __init__(self, url: str) -> None:
        self._engine = _connect(url)
        self.url = self._engine.url
        try:
            version = schema_version(self._engine)
            if version is None:
                migrate(self._engine)
            elif version != SCHEMA_VERSION:
                raise _mismatch(self.name, version)
        except DatabaseError as error:
            raise StoreError(
                f"{self.name}: not a usable database ({error.orig})", _mend_for(str(error.orig))
            ) from error

    @property
    def name(self) -> str:
        """The database's address without a password."""
        return self.url.database or self.url.render_as_string(hide_password=True)

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A transaction: committed whole at the end, or not at all on an exception."""
        try:
            with Session(self._engine, expire_on_commit=False) as session, session.begin():
                yield session
        except OperationalError as error:
            raise StoreError(f"{self.name}: {error.orig}", _mend_for(str(error.orig))) from error

    def close(self) -> None:
        """Give back every connection."""
        self._engine.dispose()


def _mend_for(what: str) -> str:
    """What to do about an error of SQLite; its labels are never to be given up lightly."""
    if "locked" in what:
        return "see that no other workbench command is running"
    if "readonly" in what or "unable to open" in what:
        return "see that you may write to it and to its folder"
    if "full" in what:
        return "make room on its disk; nothing that was stored is lost"
    return "restore it from a copy"


def schema_version(engine: Engine) -> str | None:
    """The database's schema version; None while it has no tables."""
    tables = set(inspect(engine).get_table_names())
    if not tables:
        return None
    if "alembic_version" not in tables:
        return "unknown"
    with engine.connect() as connection:
        row = connection.execute(text("SELECT version_num FROM alembic_version")).first()
    return row[0] if row else "unknown"


def migrate(engine: Engine) -> None:
    """Bring the database to SCHEMA_VERSION with Alembic."""
    # Imported here: Alembic costs more to import than most commands take.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, SCHEMA_VERSION)


def upgrade_database(url: str) -> tuple[str, str]:
    """Migrate the database at `url`; the versions before and after. StoreError on failure."""
    engine = _connect(url)
    try:
        before = schema_version(engine) or "empty"
        migrate(engine)
    except (SQLAlchemyError, KeyError) as error:
        raise StoreError(f"the database cannot be upgraded: {error}", "restore a copy") from error
    except Exception as error:
        if type(error).__module__.startswith("alembic"):
            raise _mismatch(make_url(url).database or "database", before) from error
        raise
    finally:
        engine.dispose()
    return before, SCHEMA_VERSION


def _connect(url: str) -> Engine:
    try:
        waiting = {"timeout": 30} if url.startswith("sqlite") else {}
        engine = create_engine(url, connect_args=waiting, json_deserializer=parse_json)
    except (SQLAlchemyError, ImportError, ValueError):
        # Not repeated in the message: it may hold a password.
        raise StoreError(
            "database.url is not the address of a database that can be opened here",
            "write it as sqlite:///path/to/workbench.db, or install the driver it names",
        ) from None
    if engine.dialect.name == "sqlite":
        if engine.url.database and engine.url.database != ":memory:":
            folder = Path(engine.url.database).parent
            try:
                folder.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise StoreError(
                    f"{folder}: cannot be made: {error.strerror}", "choose another folder"
                ) from error
        event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _prepare_sqlite(connection: object, _record: object) -> None:
    cursor = connection.cursor()  # type: ignore[attr-defined]
    for pragma in ("foreign_keys=ON", "journal_mode=WAL", "synchronous=NORMAL"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _mismatch(name: str, version: str) -> SchemaVersionError:
    if version.isdigit() and version < SCHEMA_VERSION:
        return SchemaVersionError(
            f"{name} has schema version {version}, this workbench needs {SCHEMA_VERSION}",
            "copy the file, then run `workbench doctor --upgrade-database`",
        )
    return SchemaVersionError(
        f"{name} has schema version {version}, which this workbench ({SCHEMA_VERSION}) "
        "does not know",
        "install a newer workbench",
    )
