"""Replays that somebody asked for in the console: the worker goes on with them whenever it has nothing else to do.

How far one has come is a fact in the database, what it did so far a folder; a worker that ends in between loses at most
a slice. The result are the plugin's ten cases.
"""

import shutil
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal

import structlog
from sqlalchemy import Connection, select

from webhooks import cases
from webhooks.facts import recall, remember
from webhooks.isolation import isolated
from webhooks.replay import Place, Rerun
from webhooks.service import Service
from webhooks.tables import facts

log = structlog.get_logger("passerelle.replaying")

DAYS = 90
SLICE_SECONDS = 1.0
_KEPT = "replay:"

State = Literal["waiting", "running", "done", "failed"]


@dataclass(frozen=True, slots=True)
class Asked:
    """A replay as everybody may see it; `share` of it is done, `found` cases came of it, `failures` runs failed."""

    plugin: str
    who: str
    asked_at: datetime
    days: int
    state: State = "waiting"
    share: float = 0.0
    found: int = 0
    failures: int = 0
    error: str = ""
    place: dict[str, Any] | None = None
    # What the plugin's own measures said of it, by language.
    numbers: dict[str, list[str]] = field(default_factory=dict)
    # Counts how often it had to begin anew: what a worker did before that is void.
    turn: int = 0

    @property
    def is_open(self) -> bool:
        return self.state in ("waiting", "running")

    @property
    def end(self) -> datetime:
        return self.asked_at


def asked(connection: Connection, site: int, plugin: str) -> Asked | None:
    """The newest replay of this plugin; None where nobody ever asked for one."""
    return _read(plugin, recall(connection, site, f"{_KEPT}{plugin}"))


def ask(connection: Connection, site: int, plugin: str, *, who: str, now: datetime, days: int = DAYS) -> bool:
    """Ask for a replay; False where one is under way."""
    before = asked(connection, site, plugin)
    if before is not None and before.is_open:
        return False
    _keep(connection, site, Asked(plugin, who, now, days, turn=before.turn + 1 if before else 0), now)
    return True


def begin_anew(service: Service) -> None:
    """Void what open replays have done so far: somebody was erased whom they may have met."""
    now = service.clock.now()
    with service.database.begin() as connection:
        for one in _all_of(connection, service.site):
            if one.is_open:
                _keep(
                    connection,
                    service.site,
                    replace(one, state="waiting", share=0.0, place=None, turn=one.turn + 1),
                    now,
                )
    shutil.rmtree(_folder(service), ignore_errors=True)


class Replays:
    """What the worker knows of the replay it is at."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._at: tuple[Asked, Rerun] | None = None

    def step(self, seconds: float = SLICE_SECONDS) -> int:
        """Go on with the oldest open replay for about so many seconds; 0 where there is none."""
        with self._service.database.read() as connection:
            waiting = [one for one in _all_of(connection, self._service.site) if one.is_open]
        if not waiting:
            self._let_go()
            return 0
        one = min(waiting, key=lambda two: (two.asked_at, two.plugin))
        fault = isolated(lambda: self._go_on(one, seconds))
        if fault is not None:
            log.error("replay_failed", plugin=one.plugin, where=fault.where)
            self._end(replace(one, state="failed", error=fault.where, place=None))
        return 1

    def close(self) -> None:
        """Let its database go, for another worker to go on."""
        if self._at is not None:
            self._at[1].close()
            self._at = None

    def _go_on(self, one: Asked, seconds: float) -> None:
        service = self._service
        rerun = self._rerun(one)
        if rerun is None:
            self._end(replace(one, state="failed", error="the plugin is not installed any more"))
            return
        done = rerun.advance(seconds)
        if not done:
            self._save(replace(one, state="running", share=rerun.share, place=asdict(rerun.place)))
            return
        acts, failures, now = rerun.acts(), len(rerun.place.failures), service.clock.now()
        told = rerun.numbers()
        said = {lang: [number.shown(lang) for number in told] for lang in ("en", "fr")}
        with service.database.begin() as connection:
            # Not if somebody was erased meanwhile: then all of it is to be done again.
            if asked(connection, service.site, one.plugin) == one:
                found = cases.keep(connection, service.site, one.plugin, acts, service.archive.is_shown, now)
                ended = replace(one, state="done", share=1.0, found=found, failures=failures, place=None, numbers=said)
                _keep(connection, service.site, ended, now)
                log.info("replayed", plugin=one.plugin, days=one.days, acts=len(acts), cases=found, failures=failures)
        self._let_go()

    def _rerun(self, one: Asked) -> Rerun | None:
        """The run to go on with: the one in hand, one that another worker left, or a new one."""
        if self._at is not None and (self._at[0].plugin, self._at[0].turn) == (one.plugin, one.turn):
            return self._at[1]
        self._let_go(but=one)
        plugin = self._service.registry.get(one.plugin)
        if plugin is None:
            return None
        folder = _folder(self._service) / f"{one.plugin}-{one.turn}"
        place = _place(one.place)
        if place is None:
            shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True, exist_ok=True)
        start = one.end - timedelta(days=one.days)
        self._at = one, Rerun(self._service, plugin, folder, start, one.end, place)
        return self._at[1]

    def _save(self, one: Asked) -> None:
        with self._service.database.begin() as connection:
            before = asked(connection, self._service.site, one.plugin)
            if before is not None and before.turn == one.turn:
                _keep(connection, self._service.site, one, self._service.clock.now())

    def _end(self, one: Asked) -> None:
        self._save(one)
        self._let_go()

    def _let_go(self, but: Asked | None = None) -> None:
        self.close()
        folder = _folder(self._service)
        if folder.exists():
            for left in folder.iterdir():
                if but is None or left.name != f"{but.plugin}-{but.turn}":
                    shutil.rmtree(left, ignore_errors=True)
            with suppress(OSError):
                folder.rmdir()


def _all_of(connection: Connection, site: int) -> list[Asked]:
    mine = (facts.c.site == site) & facts.c.name.startswith(_KEPT)
    rows = connection.execute(select(facts.c.name, facts.c.value).where(mine)).all()
    found = (_read(row.name.removeprefix(_KEPT), row.value) for row in rows)
    return [one for one in found if one is not None]


def _read(plugin: str, value: Any) -> Asked | None:
    if not isinstance(value, dict):
        return None
    return Asked(plugin, **{**value, "asked_at": datetime.fromisoformat(value["asked_at"])})


def _keep(connection: Connection, site: int, one: Asked, now: datetime) -> None:
    value = {name: told for name, told in asdict(one).items() if name != "plugin"}
    remember(connection, site, f"{_KEPT}{one.plugin}", {**value, "asked_at": one.asked_at.isoformat()}, now)


def _place(value: dict[str, Any] | None) -> Place | None:
    if value is None:
        return None
    at = value["at"]
    return Place(**{**value, "at": None if at is None else (at[0], at[1])})


def _folder(service: Service) -> Path:
    return Path(service.config.data_dir) / "replays"
