"""Everything one installation consists of, put together once: web process, worker, commands and tests use the same."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from connector.client import Client
from connector.forum import Forum
from connector.pacing import Pacer
from webhooks.clock import Clock, clock_from
from webhooks.config import Config
from webhooks.database import Database, connect
from webhooks.modes import mode_of
from webhooks.pace import SharedPacer
from webhooks.registry import Registry, load_plugins

if TYPE_CHECKING:
    from connector.archive import Archive
    from connector.archive.forgotten import ForgottenNames
    from webhooks.inline_desk import Desk


@dataclass
class Service:
    """One forum's installation; see `build`."""

    config: Config
    clock: Clock
    database: Database
    registry: Registry
    pacer: Pacer
    writes: bool = True

    @property
    def site(self) -> int:
        return self.config.site

    @cached_property
    def archive(self) -> "Archive":
        """The forum's memory."""
        # Not above: commands that need no memory start without numpy and the search engine.
        from connector.archive import Archive

        return Archive(
            self.database.engine,
            self.site,
            self.config.data_dir / "archive",
            clock=self.clock.now,
            languages=self.config.language_list,
            bots=(self.config.api_username,) if self.config.api_username else (),
            forum_url=self.config.forum_url or None,
            writes=self.writes,
            names=self.names,
        )

    @cached_property
    def names(self) -> "ForgottenNames":
        """Knows again the names of members who were erased."""
        from connector.archive.forgotten import ForgottenNames

        return ForgottenNames(self.site, self.config.names_key())

    @cached_property
    def desk(self) -> "Desk":
        """What the web process keeps for help beside texts."""
        from webhooks.inline_desk import Desk

        return Desk(self.config, self.clock.now)

    @cached_property
    def forum(self) -> Forum:
        """The forum over HTTP. :raises ConfigError: no forum or key is configured."""
        config = self.config.need_forum()
        key = config.api_key.get_secret_value()
        return Forum(Client(config.forum_url, config.api_username, key, pacer=self.pacer))

    @property
    def has_forum(self) -> bool:
        """Whether a forum and a key are configured."""
        return bool(self.config.forum_url and self.config.api_username and self.config.api_key.get_secret_value())

    def is_on(self, plugin: str) -> bool:
        """Whether a plugin is installed and not switched off."""
        if self.registry.get(plugin) is None:
            return False
        with self.database.read() as connection:
            return mode_of(connection, self.site, plugin) != "off"

    def folder_of(self, plugin: str) -> Path:
        """A plugin's own folder for files it can rebuild."""
        path = self.config.data_dir / "plugins" / plugin
        path.mkdir(parents=True, exist_ok=True)
        return path

    def close(self) -> None:
        """Let connections go."""
        if "forum" in self.__dict__:
            self.forum.client.close()
        if "desk" in self.__dict__:
            self.desk.crew.close()
        self.database.close()


def build(
    config: Config,
    *,
    clock: Clock | None = None,
    database: Database | None = None,
    registry: Registry | None = None,
    pacer: Pacer | None = None,
    writes: bool = True,
) -> Service:
    """The installation that `config` describes; tests hand in a clock, plugins or a pacer of their own.

    `writes=False` is for a process that only answers questions: it never brings the archive's indexes up to date.
    """
    database = database or connect(config)
    return Service(
        config=config,
        clock=clock or clock_from(config.clock_file),
        database=database,
        registry=registry if registry is not None else load_plugins(),
        pacer=pacer or SharedPacer(database, config.site, config.requests_per_minute),
        writes=writes,
    )
