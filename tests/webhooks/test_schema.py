"""The tables that migrations make are the tables that the code means, on both databases."""

from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Column, Integer, MetaData, Table, inspect

from plugins.contract import Plugin
from tests.webhooks.conftest import Make
from webhooks.config import ConfigError
from webhooks.schema import core_metadata, is_current, migrate
from webhooks.service import Service


def test_migrations_make_what_the_code_means(service: Service) -> None:
    """After all migrations nothing is left to change: neither a table nor a column nor an index."""
    with service.database.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences: list[Any] = compare_metadata(context, core_metadata())  # type: ignore[arg-type]

    assert differences == []
    assert is_current(service)


def test_migrating_twice_changes_nothing(service: Service) -> None:
    """An upgrade that finds everything in place leaves it so."""
    migrate(service)

    assert is_current(service)


def test_a_database_of_a_newer_version_is_left_alone(service: Service) -> None:
    """A database that a newer Passerelle made is refused with a sentence, and not touched."""
    with service.database.begin() as connection:
        connection.exec_driver_sql("update alembic_version set version_num = 'from-the-future'")

    with pytest.raises(ConfigError, match="newer Passerelle"):
        migrate(service)


def test_a_plugins_tables_are_made_beside_ours(make_service: Make, database_url: str) -> None:
    """A plugin that declares tables finds them there when it runs."""

    class Tables:
        metadata = MetaData()

    Table("gardener_trees", Tables.metadata, Column("id", Integer, primary_key=True))
    service = make_service(Plugin("gardener", about="Trees.", tables=Tables), database_url=database_url)

    assert "gardener_trees" in inspect(service.database.engine).get_table_names()
