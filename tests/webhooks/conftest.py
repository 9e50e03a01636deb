"""A service of one's own for each test, on SQLite and on PostgreSQL."""

import json
import os
import secrets
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from flask.testing import FlaskClient
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
def postgres_server() -> Iterator[str | None]:
    """The name of a database of this session's own; None where no PostgreSQL listens."""
    try:
        connection = psycopg.connect(f"{_SERVER} dbname=postgres connect_timeout=2", autocommit=True)
    except psycopg.OperationalError:
        yield None
        return
    name = f"passerelle_test_{secrets.token_hex(6)}"
    with connection:
        connection.execute(f'create database "{name}"')
        yield name
        connection.execute(f'drop database "{name}" with (force)')
    connection.close()


@pytest.fixture
def postgres_url(postgres_server: str | None) -> str:
    """The address of an empty schema in the session's database."""
    if postgres_server is None:
        pytest.skip("no PostgreSQL listens on 127.0.0.1:5432")
    with psycopg.connect(f"{_SERVER} dbname={postgres_server}", autocommit=True) as connection:
        connection.execute("drop schema public cascade")
        connection.execute("create schema public")
    given = dict(part.split("=") for part in _SERVER.split())
    return f"postgresql://{given['user']}@{given['host']}:{given['port']}/{postgres_server}"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> str:
    """Both databases, one after the other; "" is SQLite in the test's own folder."""
    return "" if request.param == "sqlite" else str(request.getfixturevalue("postgres_url"))


@pytest.fixture
def clock() -> SetClock:
    """Monday morning, standing still."""
    return SetClock(MONDAY)


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
        service = build(Config(**values), clock=clock, registry=registry_of(plugins), pacer=Unpaced())
        migrate(service)
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
