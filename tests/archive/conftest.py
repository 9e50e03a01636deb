"""A small forum, a clock, and an archive on SQLite and on the PostgreSQL of this machine."""

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import OperationalError

from connector.archive import Archive
from connector.archive.tables import metadata
from tests.archive.world import World, archive_in, engine_at

_POSTGRES = "postgresql+psycopg://postgres@127.0.0.1:5432"


@pytest.fixture
def world() -> World:
    """Three rooms, three people; room 8 is for some only."""
    world = World()
    world.room(5, "Entraide")
    world.room(6, "Outils")
    world.room(8, "Equipe", restricted=True)
    for number, name in ((2, "amelie"), (3, "bruno"), (4, "chloe")):
        world.person(number, name, name.title())
    return world


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An empty database: a SQLite file, and a PostgreSQL database that is dropped afterwards."""
    if request.param == "sqlite":
        engine = engine_at(tmp_path / "memory.sqlite")
        yield engine
        engine.dispose()
        return
    name = f"archive_{uuid.uuid4().hex[:12]}"
    server = create_engine(f"{_POSTGRES}/postgres", isolation_level="AUTOCOMMIT", connect_args={"connect_timeout": 2})
    try:
        with server.connect() as conn:
            conn.execute(text(f"CREATE DATABASE {name}"))
    except OperationalError:
        server.dispose()
        pytest.skip("there is no PostgreSQL on 127.0.0.1:5432")
    engine = create_engine(f"{_POSTGRES}/{name}")
    metadata.create_all(engine)
    yield engine
    engine.dispose()
    with server.connect() as conn:
        conn.execute(text(f"DROP DATABASE {name}"))
    server.dispose()


@pytest.fixture
def archive(world: World, engine: Engine, tmp_path: Path) -> Iterator[Archive]:
    with archive_in(tmp_path, world, engine) as archive:
        yield archive
