"""`console-link`, `sandbox`, and the words that plugins add."""

import sys
from typing import Any

import click

from plugins.contract import CommandSpec, Plugin
from webhooks import onetime
from webhooks.commands.shared import opened, plainly
from webhooks.context import Ground, keep, write_context
from webhooks.service import Service


@click.command("console-link")
@click.option("--as", "username", default="console", show_default=True, help="Enter under this name.")
@click.option("--group", "groups", multiple=True, help="Enter with the roles of these forum groups, not as admin.")
@plainly
def console_link(username: str, groups: tuple[str, ...]) -> None:
    """Print a link that opens the console once, within half an hour, without the forum's login."""
    with opened() as service:
        member = service.archive.member_named(username)
        data = {
            "member_id": member.id if member is not None else 0,
            "username": member.username if member is not None else username,
            "groups": list(groups),
            "admin": not groups,
        }
        with service.database.begin() as connection:
            word = onetime.issue(connection, service.site, onetime.LINK, data, service.clock.now())
        click.echo(f"{service.config.public_url}/login/link/{word}")


@click.command(context_settings={"ignore_unknown_options": True, "allow_extra_args": True}, add_help_option=False)
@click.pass_context
def sandbox(context: click.Context) -> None:
    """Run the small forum for trying things; `passerelle sandbox --help` lists its options."""
    from connector.sandbox.__main__ import main as run

    raise SystemExit(run(context.args))


def plugin_command(plugin: Plugin, spec: CommandSpec) -> click.Command:
    """A click command that hands its arguments to a plugin."""

    @click.command(
        spec.words.split()[-1],
        context_settings={"ignore_unknown_options": True, "allow_extra_args": True},
        add_help_option=False,
        short_help=(spec.func.__doc__ or "").strip().split("\n")[0],
    )
    @click.pass_context
    @plainly
    def run(context: click.Context) -> None:
        with opened() as service:
            sys.exit(_run(service, plugin, spec, list(context.args)))

    return run


def _run(service: Service, plugin: Plugin, spec: CommandSpec, arguments: list[str]) -> int:
    from sqlalchemy.orm import Session

    _with_model(service)
    with service.database.late() as connection, Session(bind=connection, expire_on_commit=False) as session:
        context = write_context(service, session, Ground(plugin, cause="command"))
        code: Any = spec.func(arguments, context)
        session.flush()
        keep(context)
        session.commit()
        connection.commit()
    return int(code or 0)


def _with_model(service: Service) -> None:
    """The configured model is set up where no worker has done so yet; without it a command goes by words alone."""
    from connector.archive.backends import backend_of
    from connector.errors import ModelUnavailable

    if service.config.model and service.archive.models.active() is None:
        try:
            service.archive.use_model(service.config.model, backend_of(service.config.model_backend))
        except ModelUnavailable as error:
            click.echo(str(error), err=True)
