"""The database's tables: alembic's one branch for the host and the archive, and one branch a plugin that ships one.

A plugin with tables but without `migrations/versions` gets what is missing of its tables made at start; changing a
table then is its author's affair. `python -m webhooks.schema "what changed"` writes the next core revision.
"""

import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, MetaData

from connector.archive import tables as archive_tables
from plugins.contract import Plugin
from webhooks import tables as host_tables
from webhooks.config import Config, ConfigError
from webhooks.database import connect
from webhooks.registry import table_metadata
from webhooks.service import Service

FOLDER = Path(__file__).parent / "migrations"
VERSION_TABLE = "alembic_version"


def core_metadata() -> list[MetaData]:
    """What the core branch makes: the archive's tables and the host's."""
    return [archive_tables.metadata, host_tables.metadata]


def migrate(service: Service) -> None:
    """Bring the database up to date, each branch in its turn. :raises ConfigError: it is newer than this program."""
    with service.database.begin() as connection:
        _upgrade(connection, FOLDER, VERSION_TABLE, core_metadata())
        for plugin, metadata, folder in _plugins_with_tables(service):
            if folder is None:
                metadata.create_all(connection)
            else:
                _upgrade(connection, folder, f"{plugin.name}_alembic", [metadata])


def is_current(service: Service) -> bool:
    """Whether the core branch is at its newest revision."""
    with service.database.read() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
        return set(context.get_current_heads()) == set(_script_heads())


def _script_heads() -> Sequence[str]:
    return ScriptDirectory.from_config(_config(FOLDER)).get_heads()


def _plugins_with_tables(service: Service) -> Iterator[tuple[Plugin, MetaData, Path | None]]:
    for plugin in service.registry:
        metadata = table_metadata(plugin)
        if metadata is not None:
            folder = None if plugin.folder is None else plugin.folder / "migrations"
            shipped = folder is not None and any(folder.glob("versions/*.py"))
            yield plugin, metadata, folder if shipped else None


def _config(folder: Path) -> AlembicConfig:
    config = AlembicConfig()
    # Our env.py serves every branch: a plugin ships `versions/` only.
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.set_main_option("version_locations", str(folder / "versions").replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    return config


def _ready(config: AlembicConfig, connection: Connection, table: str, metadata: list[MetaData]) -> AlembicConfig:
    config.attributes.update(connection=connection, version_table=table, metadata=metadata)
    return config


def _upgrade(connection: Connection, folder: Path, table: str, metadata: list[MetaData]) -> None:
    try:
        command.upgrade(_ready(_config(folder), connection, table, metadata), "heads")
    except CommandError as error:
        raise ConfigError("The database was made by a newer Passerelle: install that version again.") from error


def revise(message: str, folder: Path = FOLDER, metadata: list[MetaData] | None = None, revision: str = "") -> Path:
    """Write the revision that leads from the newest one to `metadata` (default: the core's); gives its file."""
    metadata = core_metadata() if metadata is None else metadata
    with tempfile.TemporaryDirectory() as scratch:
        database = connect(Config(data_dir=Path(scratch)))
        with database.begin() as connection:
            _upgrade(connection, folder, VERSION_TABLE, metadata)
            config = _ready(_config(folder), connection, VERSION_TABLE, metadata)
            made = command.revision(config, message, autogenerate=True, rev_id=revision or None)
        database.close()
    assert made is not None
    assert not isinstance(made, list)
    return Path(made.path)


if __name__ == "__main__":
    sys.stdout.write(f"{revise(sys.argv[1], revision=sys.argv[2] if len(sys.argv) > 2 else '')}\n")
