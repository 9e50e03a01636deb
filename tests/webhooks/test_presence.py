"""Workers beside each other: who comes alone may clear up after the dead at once, who does not waits for the leases."""

import pytest

from tests.webhooks.conftest import Make
from webhooks.config import ConfigError
from webhooks.presence import Presence


def test_on_postgresql_workers_know_of_each_other(make_service: Make, postgres_url: str) -> None:
    """The first worker is alone, the second is not; once both are gone, whoever comes is alone again."""
    first = Presence(make_service(database_url=postgres_url))
    assert first.alone
    first.settled()
    two = Presence(make_service(database_url=postgres_url))
    assert not two.alone
    first.close()
    three = Presence(make_service(database_url=postgres_url))
    assert not three.alone
    two.close()
    three.close()

    last = Presence(make_service(database_url=postgres_url))
    assert last.alone
    last.settled()
    last.close()


def test_on_sqlite_there_is_one_worker(make_service: Make) -> None:
    """A second worker on the same folder is told so in a sentence; after the first has ended it may come."""
    service = make_service()
    first = Presence(service)
    with pytest.raises(ConfigError, match="Another worker"):
        Presence(service)
    first.settled()
    first.close()
    second = Presence(service)
    assert second.alone
    second.close()
