"""`theme build`: the component that brings help into a forum's own pages."""

from pathlib import Path

import click

from connector.client import Client
from connector.errors import ForumError
from connector.forum import Forum
from connector.pacing import LocalPacer
from webhooks.commands.shared import plainly
from webhooks.config import Config, load


@click.group()
def theme() -> None:
    """The theme component for Discourse, which shows members help where they read and write."""


@theme.command("build")
@click.option("--discourse", "version", default="", help="Version of the forum, like 3.1.0; default: it is asked.")
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=True),
    default=Path(),
    help="File to write, or a folder for it; default: here.",
)
@plainly
def build(version: str, output: Path) -> None:
    """Write the zip to import under Admin → Customize → Themes → Components. It holds no secret."""
    from connector.theme.build import ThemeError, component, flavour_for, packed

    config = load()
    version = version or _reported(config)
    try:
        flavour = flavour_for(version)
        data = packed(component(flavour, config.public_url))
    except ThemeError as error:
        raise click.ClickException(str(error)) from error
    path = output if output.suffix == ".zip" else output / f"passerelle-theme-{flavour}.zip"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    click.echo(f"{path}: for Discourse {version}, the service at {config.public_url}.")


def _reported(config: Config) -> str:
    """The version that the forum itself tells. :raises click.ClickException: it tells none."""
    otherwise = "Say --discourse with its version, like --discourse 3.1.0."
    if not config.forum_url:
        raise click.ClickException(f"PASSERELLE_FORUM_URL is not set, so no forum can be asked. {otherwise}")
    key = config.api_key.get_secret_value() or None
    try:
        client = Client(config.forum_url, config.api_username, key, pacer=LocalPacer(config.requests_per_minute))
        version = str(Forum(client).about().get("version") or "")
    except (ForumError, ValueError) as error:
        raise click.ClickException(f"The forum does not tell its version: {error} {otherwise}") from error
    if not version:
        raise click.ClickException(f"The forum does not tell its version. {otherwise}")
    return version
