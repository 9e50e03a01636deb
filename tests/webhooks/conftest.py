"""A service of one's own for each test, on SQLite and on PostgreSQL."""

import json
import logging
import os
import secrets
import tempfile
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
import pytest
import structlog
from flask.testing import FlaskClient
from pydantic import SecretStr
from werkzeug.test import TestResponse

from connector.events import sign
from connector.pacing import Unpaced
from plugins.contract import Plugin
from webhooks.app import create_app
from webhooks.clock import SetClock
from webhooks.config import Config
from webhooks.registry import registry_of
from webhooks.schema import migrate
from webhooks.service import Service, build

SECRET = "a-secret-of-the-web-hook"
MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
_SERVER = os.environ.get("PASSERELLE_TEST_POSTGRES", "host=127.0.0.1 port=5432 user=postgres")


@pytest.fixture(scope="session")
def postgres_template() -> Iterator[str | None]:
    """The name of a database of this session's own with all tables in it; None where no PostgreSQL listens."""
    try:
        connection = psycopg.connect(f"{_SERVER} dbname=postgres connect_timeout=2", autocommit=True)
    except psycopg.OperationalError:
        yield None
        return
    name = f"passerelle_test_{secrets.token_hex(6)}"
    with connection:
        connection.execute(f'create database "{name}"')
        try:
            lay_tables(database_url=_postgres_address(name))
            yield name
        finally:
            connection.execute(f'drop database "{name}" with (force)')
    connection.close()


def _postgres_address(name: str) -> str:
    given = dict(part.split("=") for part in _SERVER.split())
    return f"postgresql://{given['user']}@{given['host']}:{given['port']}/{name}"


@pytest.fixture
def postgres_url(postgres_template: str | None) -> Iterator[str]:
    """The address of a database of the test's own, with all tables."""
    if postgres_template is None:
        pytest.skip("no PostgreSQL listens on 127.0.0.1:5432")
    name = f"{postgres_template}_{secrets.token_hex(4)}"
    with psycopg.connect(f"{_SERVER} dbname=postgres", autocommit=True) as connection:
        connection.execute(f'create database "{name}" template "{postgres_template}"')
        # Nothing here outlives a power cut on purpose, and a sync for each commit would take most of a test's time.
        connection.execute(f'alter database "{name}" set synchronous_commit = off')
        yield _postgres_address(name)
        connection.execute(f'drop database "{name}" with (force)')


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> str:
    """Both databases, one after the other; "" is SQLite in the test's own folder."""
    return "" if request.param == "sqlite" else str(request.getfixturevalue("postgres_url"))


@pytest.fixture(autouse=True)
def logs_as_before() -> Iterator[None]:
    """What a test sets up for its logs ends with it: the next one's standard error is another file."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.fixture
def clock() -> SetClock:
    """Monday morning, standing still."""
    return SetClock(MONDAY)


def lay_tables(**values: Any) -> None:
    """Make all tables by the migrations; they cost most of a second, so tests copy what this made once."""
    service = build(Config(secret_key=SecretStr("k" * 32), **values), registry=registry_of(()))
    migrate(service)
    service.close()


@cache
def _empty_file() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        lay_tables(data_dir=Path(folder))
        return (Path(folder) / "passerelle.db").read_bytes()


def with_tables(config: Config, plugins: Iterable[Plugin]) -> Callable[[Service], None]:
    """See that the configured database has its tables; gives what remains to be done once the service is built."""
    if not config.database_url.get_secret_value():
        config.data_dir.mkdir(parents=True, exist_ok=True)
        (config.data_dir / "passerelle.db").write_bytes(_empty_file())
    return migrate if any(plugin.tables is not None for plugin in plugins) else lambda service: None


Make = Callable[..., Service]


@pytest.fixture
def make_service(tmp_path: Path, clock: SetClock) -> Iterator[Make]:
    """Makes services with plugins and settings of the test's own; their tables are there."""
    made: list[Service] = []

    def make(*plugins: Plugin, database_url: str = "", **settings: Any) -> Service:
        values: dict[str, Any] = {
            "data_dir": tmp_path / "data",
            "database_url": database_url,
            "hook_secret": SECRET,
            "secret_key": "k" * 32,
            "forum_url": "http://127.0.0.1:9",
            "api_username": "passerelle",
            "api_key": "f" * 64,
            "replay_after": "0,100",
            "free_disk_mb": 0,
            "country": "FR",
            **settings,
        }
        config = Config(**values)
        finish = with_tables(config, plugins)
        service = build(config, clock=clock, registry=registry_of(plugins), pacer=Unpaced())
        finish(service)
        made.append(service)
        return service

    yield make
    for service in made:
        service.close()


@pytest.fixture
def service(make_service: Make, database_url: str) -> Service:
    """A service without plugins, on each of the databases."""
    return make_service(database_url=database_url)


@pytest.fixture
def client(service: Service) -> FlaskClient:
    """A client of that service's web application."""
    return create_app(service.config, service=service).test_client()


Deliver = Callable[..., TestResponse]


@pytest.fixture
def deliver(client: FlaskClient) -> Deliver:
    """Send one web hook delivery as Discourse would."""

    def send(event: str, kind: str, payload: Any, *, secret: str = SECRET, **headers: str) -> TestResponse:
        body = json.dumps({kind: payload}).encode()
        named = {
            "X-Discourse-Event": event,
            "X-Discourse-Event-Type": kind,
            "X-Discourse-Event-Id": "7",
            "X-Discourse-Instance": "http://127.0.0.1:9",
            "X-Discourse-Event-Signature": sign(body, secret),
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        return client.post("/webhooks/discourse", data=body, headers=named, content_type="application/json")

    return send
