"""What every command needs: the service, and one sentence instead of a traceback for what can be expected to fail."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, TypeVar

import click
from sqlalchemy.exc import OperationalError

from connector.errors import BadPayload, ForumError, ForumRefused, ModelUnavailable
from webhooks.config import ConfigError, load
from webhooks.logs import set_up
from webhooks.schema import is_current, migrate
from webhooks.service import Service, build

F = TypeVar("F", bound=Callable[..., Any])


@contextmanager
def opened(*, migrated: bool = True, writes: bool = True) -> Iterator[Service]:
    """The configured service, its tables up to date; closed at the end of the block."""
    config = load()
    set_up(config)
    service = build(config, writes=writes)
    for fault in service.registry.faults:
        click.echo(fault, err=True)
    try:
        if migrated and not is_current(service):
            migrate(service)
        yield service
    finally:
        service.close()


def plainly(func: F) -> F:
    """A command whose expected failures are one sentence and exit code 1."""

    @wraps(func)
    def call(*arguments: Any, **options: Any) -> Any:
        try:
            return func(*arguments, **options)
        except (ConfigError, ModelUnavailable, BadPayload) as error:
            raise click.ClickException(str(error)) from error
        except ForumError as error:
            raise click.ClickException(sentence(error)) from error
        except OperationalError as error:
            first = str(error.orig).strip().splitlines()[0] if error.orig else "no reason given"
            raise click.ClickException(f"The database does not answer: {first}.") from error
        except OSError as error:
            raise click.ClickException(f"{error.filename or 'A file'}: {error.strerror or error}.") from error

    return call  # type: ignore[return-value]


def sentence(error: ForumError) -> str:
    """A forum's error for the person who looks after it, with the scope that its key lacks where that is told."""
    if isinstance(error, ForumRefused) and error.scope and error.scope not in error.message:
        return f"{error.message} The key needs the scope {error.scope}."
    return error.message
