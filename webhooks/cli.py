"""`passerelle …`: every command, our own and those of plugins."""

from collections.abc import MutableMapping

import click

from webhooks.commands import helping, minding, remembering, running, showing, theming
from webhooks.registry import load_plugins


class WithPlugins(click.Group):
    """A group that also knows the words that plugins registered; they are looked up only when needed."""

    def list_commands(self, context: click.Context) -> list[str]:
        return sorted({*super().list_commands(context), *self._plugin_commands()})

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        return super().get_command(context, name) or self._plugin_commands().get(name)

    def _plugin_commands(self) -> dict[str, click.Command]:
        """First words to commands; `evaluate experts` becomes the command `experts` of a group `evaluate`."""
        found: dict[str, click.Command] = {}
        for plugin in load_plugins():
            for spec in plugin.commands:
                _place(found, spec.words.split(), helping.plugin_command(plugin, spec))
        return found


def _place(commands: MutableMapping[str, click.Command], words: list[str], command: click.Command) -> None:
    first, *rest = words
    if not rest:
        commands[first] = command
        return
    group = commands.setdefault(first, click.Group(first, help=f"{first}: words of plugins."))
    if isinstance(group, click.Group):
        _place(group.commands, rest, command)


@click.group(cls=WithPlugins)
@click.version_option(package_name="passerelle")
def main() -> None:
    """Passerelle: a companion for the people who look after a Discourse forum.

    Settings come from the environment (PASSERELLE_…); see docs/configuration.md.
    """


for _command in (
    running.serve,
    running.web,
    running.worker,
    running.migrate,
    remembering.import_history,
    remembering.reindex,
    remembering.model,
    remembering.erase,
    minding.pause,
    minding.resume,
    minding.status,
    minding.requeue,
    minding.doctor,
    minding.replay,
    helping.console_link,
    helping.sandbox,
    showing.demo,
    theming.theme,
):
    main.add_command(_command)
