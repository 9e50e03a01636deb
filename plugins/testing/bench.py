"""`Bench`: one plugin on a forum made for the test, with time standing still until it is moved."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import wraps
from typing import Any

from connector.records import StoredCategory, StoredMember, StoredPost, StoredTopic
from plugins.blocks import Block, FeedEntry, Page, Task
from plugins.contract import MODES, Case, Mode, Plugin
from plugins.doors import Answer, Decision, Verdict, Viewer
from plugins.doors.desk import Judged
from plugins.inline import Draft, Offer, Suggestion, Taken, faults_of
from plugins.testing.acts import BenchAct, BenchError, BenchForum
from plugins.testing.archive import BenchArchive
from plugins.testing.calendar import BenchCalendar
from plugins.testing.consent import BenchConsent, BenchLog, BenchShared
from plugins.testing.context import BenchContext, BenchInlineContext, Folder
from plugins.testing.desk import BenchDesk, ManagersSay
from plugins.testing.events import About, event
from plugins.testing.saying import BenchSay
from plugins.testing.tables import Tables
from plugins.testing.world import Author, Circle, World, number_of
from plugins.voice import HouseVoice

MONDAY = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


class NotMerged(AssertionError):  # noqa: N818 -- it fails a test like any assertion
    """A handler that ran twice did more than once; the message says what was added."""


class Bench:
    """A forum in memory, and one plugin beside it.

    `settings` is an instance of the plugin's settings class (its defaults if left out), `lang` the site's language,
    `house` its voice, `mode` what the host lets the plugin do (`act`: everything is done at once), `model` False plays
    a forum whose embedding model is missing. `now` starts on a Monday at 9:00 UTC and moves only by `pass_time`; `site`
    is the forum's number in the installation.

    What a test may look at: `acts` (asked for, in order), `world`, `log.lines`, `rows(table)`. What it may set:
    `mode`, `overrides` per category id, `consent`, `calendar`, `shared`, `managers`, `usual_answer_time`, `circles`.
    """

    def __init__(
        self,
        plugin: Plugin,
        *,
        now: datetime = MONDAY,
        settings: Any = None,
        lang: str = "en",
        house: HouseVoice | None = None,
        mode: Mode = "act",
        model: bool = True,
        zone: str = "UTC",
        site: int = 1,
    ) -> None:
        self.plugin, self.now, self.mode, self.site = plugin, now, mode, site
        self.settings = settings if settings is not None else (plugin.settings() if plugin.settings else None)
        self.world = World()
        self.archive = BenchArchive(self.world, model=model)
        self.calendar, self.consent = BenchCalendar(zone), BenchConsent()
        self.shared, self.log = BenchShared(), BenchLog()
        self.managers = ManagersSay()
        self._by = ""
        self.overrides: dict[int, Mapping[str, Any]] = {}
        self._house = house or HouseVoice(language=lang, zone=zone, signature="Claire", forum="the forum")
        self._say = BenchSay(plugin, self._house, self.world, lang)
        self._tables, self._folder = Tables(plugin), Folder()
        self._acts: dict[str, BenchAct] = {}
        self._twice = False

    # What happened on the forum

    def add_category(self, name: str, *, groups: Iterable[str] = (), parent: int | None = None,
                     visibility: str | None = None) -> StoredCategory:  # fmt: skip
        """A category everybody may read, or with `groups` a restricted one that was opted in."""
        return self.world.add_category(name, groups=groups, parent=parent, visibility=visibility)

    def add_member(self, username: str, *, name: str = "", lang: str = "", groups: Iterable[str] = (),
                   trust_level: int = 1, staff: bool = False, suspended_till: datetime | None = None,
                   last_seen_at: datetime | None = None,
                   created_at: datetime | None = None, bot: bool = False) -> StoredMember:  # fmt: skip
        """A member, seen just now and a year old unless said otherwise; `bot`: an account like our own."""
        number = self.world.new_id()
        self.world.members[number] = StoredMember(
            id=number, username=username, name=name, locale=lang, lang=lang, trust_level=trust_level, staff=staff,
            groups=tuple(groups), suspended_till=suspended_till, last_seen_at=last_seen_at or self.now,
            created_at=created_at or self.now - timedelta(days=365), named_bot=bot,
        )  # fmt: skip
        return self.world.members[number]

    def add_topic(self, author: Author | None, title: str, text: str = "", *,
                  category: StoredCategory | int | None = None, tags: Sequence[str] = (), at: datetime | None = None,
                  lang: str = "") -> StoredTopic:  # fmt: skip
        """A topic with its first post."""
        moment = at or self.now
        topic = self.world.add_topic(author, title, category=category, tags=tuple(tags), at=moment)
        self.world.add_post(topic, author, text or title, at=moment, lang=lang)
        return self.world.topics[topic.id]

    def add_post(self, topic: StoredTopic | int, author: Author | None, text: str, *, at: datetime | None = None,
                 reply_to: int | None = None, code: str = "", links: Sequence[str] = (),
                 lang: str = "", post_type: int = 1) -> StoredPost:  # fmt: skip
        return self.world.add_post(
            topic, author, text, at=at or self.now, reply_to=reply_to, code=code, links=tuple(links),
            lang=lang, post_type=post_type,
        )  # fmt: skip

    def like(self, post: StoredPost | int, *members: Author) -> None:
        for member in members:
            self.world.like(post, member)

    def accept(self, post: StoredPost | int) -> None:
        """The post answers its topic's question."""
        self.world.accept(post)

    def first_post(self, topic: StoredTopic | int) -> StoredPost:
        return self.archive.posts_of_topic(number_of(topic) or 0)[0]

    def usual_answer_time(self, hours: float, *, category: StoredCategory | int | None = None) -> None:
        """What `archive.usual_answer_time` says for a category, or for all that have no time of their own."""
        self.world.answer_times[number_of(category)] = timedelta(hours=hours)

    def circle(self, member: Author, circle: Circle) -> None:
        self.world.circles[number_of(member) or 0] = circle

    def pass_time(self, *, days: float = 0, hours: float = 0, minutes: float = 0) -> datetime:
        """Move the clock on; nothing runs by itself, see `tick`."""
        self.now += timedelta(days=days, hours=hours, minutes=minutes)
        return self.now

    # What the plugin does

    def dispatch(self, name: str, about: About = None, *, by: StoredMember | None = None) -> None:
        """One of Discourse's events reaches every handler that listens to it, each in its own transaction."""
        happened = event(name, self._current(about), self.world, by=by)
        for listener in self.plugin.listeners:
            if name in listener.events:
                self._run(listener.func, happened, ceiling=listener.ceiling)

    def tick(self, handler: str, *, at: datetime | None = None) -> None:
        """The clock calls one handler, by its name."""
        if at is not None:
            self.now = at
        found = self._one(self.plugin.clockworks, handler, "clock handler", lambda one: one.name)
        self._run(found.func, ceiling=found.ceiling)

    def inline(self, place: str, draft: Draft) -> list[Suggestion]:
        """What the inline handlers of a place suggest, best first; they get no way to write.

        :raises BenchError: the host could not show one of them; the message says why.
        """
        found: list[Suggestion] = []
        offered = {one.name for one in self.plugin.offers}
        for spec in self.plugin.inlines:
            if spec.place == place:
                found += self._read(spec.func, draft)
        for one in found:
            for fault in faults_of(one, offered):
                raise BenchError(f"the suggestion {getattr(one, 'key', one)!r}: {fault}")
        return sorted(found, key=lambda one: -one.priority)

    def take(self, suggestion: Suggestion, offer: Offer | str, member: Author, *,
             topic: StoredTopic | int | None = None) -> str:  # fmt: skip
        """A member clicks an offer of a suggestion, given itself or by its name; what is said to the member.

        :raises BenchError: there is no such offer, or the mode is one in which the host takes none.
        """
        if self.mode in ("off", "watch"):
            raise BenchError(f"in {self.mode} no offer is shown, and none is taken")
        name = offer.name if isinstance(offer, Offer) else offer
        chosen = (
            offer if isinstance(offer, Offer) else self._one(suggestion.offers, name, "offer", lambda one: one.name)
        )
        found = self._one(self.plugin.offers, name, "offer handler", lambda one: one.name)
        topic_id = number_of(topic) if topic is not None else None
        taken = Taken(name, chosen.data, number_of(member) or 0, suggestion.key, topic_id)
        return str(self._run(found.func, taken))

    def page(self, slug: str, query: Mapping[str, str] | None = None, *, by: str = "") -> Page:
        """A console page as the manager of this username sees it."""
        found = self._one(self.plugin.pages, slug, "page", lambda one: one.slug)
        with self._hand(by):
            page: Page = self._read(found.func, query or {})
        return page

    def page_form(self, slug: str, values: Mapping[str, str], *, by: str = "manager") -> None:
        """A manager sends a form of a console page; `values` holds its `action` and its fields."""
        found = self._one(self.plugin.pages, slug, "page", lambda one: one.slug)
        with self._hand(by):
            self._run(found.func, values)

    def decide(self, once: str, judged: Judged, *, by: str = "manager", reason: str = "") -> None:
        """A manager approves, edits or declines a proposal, takes an act back, or says whether an alert was right."""
        act = self._acts[once]
        topic = self.world.topics.get(act.topic_id or 0)
        states = {"approved": "sent", "edited": "sent", "declined": "declined", "undone": "undone"}
        self._acts[once] = replace(act, state=states.get(judged, act.state))
        category = topic.category_id if topic else None
        self.managers.decisions.append(
            Decision(once, act.verb, judged, by, self.now, act.rule, category, act.topic_id, reason)
        )

    def public_page(self, slug: str, query: Mapping[str, str] | None = None) -> Page:
        found = self._one(self.plugin.public_pages, slug, "public page", lambda one: one.slug)
        page: Page = self._read(found.func, query or {})
        return page

    def member_page(self, slug: str, member: Author, query: Mapping[str, str] | None = None) -> Page:
        """A page as this member sees it."""
        found = self._one(self.plugin.member_pages, slug, "member page", lambda one: one.slug)
        page: Page = self._read(_seen_by(self.viewer(self._member(member)), found.func), query or {})
        return page

    def member_form(self, name: str, member: Author, values: Mapping[str, str] | None = None) -> str:
        """A member sends a form of a card or a page; what is said to the member."""
        found = self._one(self.plugin.member_forms, name, "member form", lambda one: one.name)
        return str(self._run(_seen_by(self.viewer(self._member(member)), found.func), values or {}))

    def command(self, words: str, arguments: Sequence[str] = ()) -> int:
        """The exit code of `passerelle <words> <arguments>`."""
        found = self._one(self.plugin.commands, words, "command", lambda one: one.words)
        return int(self._run(found.func, list(arguments)))

    def measure(self, name: str) -> Case:
        found = self._one(self.plugin.measures, name, "measure", lambda one: one.name)
        case: Case = self._read(found.func)
        return case

    def tasks(self) -> list[Task]:
        """What deserves a manager's minutes, heaviest first."""
        return sorted((task for func in self.plugin.actions for task in self._read(func)), key=lambda one: -one.weight)

    def feed(self, name: str) -> list[FeedEntry]:
        found = self._one(self.plugin.feeds, name, "feed", lambda one: one.name)
        return list(self._read(found.func))

    def card(self, member: Author) -> list[Block]:
        """What the plugin shows a member of what it knows about him."""
        return [block for func in self.plugin.card_hooks for block in self._read(func, number_of(member))]

    def answer(self, once: str, member: Author, answer: Answer, *, reason: str = "",
               data: Mapping[str, Any] | None = None) -> None:  # fmt: skip
        """A member answered an act or a suggestion (`once` is the act's, or the suggestion's key)."""
        verdict = Verdict(once, number_of(member) or 0, answer, reason, data or {})
        for func in self.plugin.verdict_hooks:
            self._run(func, verdict)

    def forget(self, member: Author) -> None:
        """A member leaves: he vanishes from the forum, then the plugin is told."""
        number = number_of(member) or 0
        self.world.remove_member(number)
        for func in self.plugin.forget_hooks:
            self._run(func, number)

    def run_twice(self, twice: bool = True) -> None:
        """From now on every handler that may write runs twice; a second run that adds anything raises `NotMerged`."""
        self._twice = twice

    # What one may look at

    @property
    def acts(self) -> list[BenchAct]:
        """Every act asked for, in order, in its present state."""
        return list(self._acts.values())

    def rows(self, table: Any) -> list[dict[str, Any]]:
        """The rows of one of the plugin's tables."""
        return self._tables.rows(table)

    def viewer(self, member: StoredMember | None, *, is_manager: bool = False) -> Viewer:
        """Who looks at a page or writes a draft; None is anybody."""
        if member is None:
            return Viewer(None, audience=self.archive.audience_anonymous())
        audience = self.archive.audience_for(member.groups, member.id)
        return Viewer(member.id, member.username, member.groups, is_manager, member.lang or "en", audience)

    def _member(self, member: Author) -> StoredMember:
        """The record as it is now."""
        return self.world.members[number_of(member) or 0]

    def _current(self, about: About) -> About:
        """The record as it is now: a test may hold one that has changed since."""
        if isinstance(about, StoredTopic):
            return self.world.topics.get(about.id, about)
        return self.world.posts.get(about.id, about) if isinstance(about, StoredPost) else about

    def _run(self, func: Callable[..., Any], *arguments: Any, ceiling: Mode = "act") -> Any:
        result = self._once(func, arguments, ceiling)
        if self._twice:
            before = (list(self._acts), self._tables.everything())
            self._once(func, arguments, ceiling)
            added = [once for once in self._acts if once not in before[0]]
            if added:
                raise NotMerged(f"{func.__name__} ran twice and asked for {added[0]!r} only the second time")
            if self._tables.everything() != before[1]:
                raise NotMerged(f"{func.__name__} ran twice and its tables changed the second time too")
        return result

    def _once(self, func: Callable[..., Any], arguments: Sequence[Any], ceiling: Mode) -> Any:
        """One run in one transaction: when the handler fails, neither rows nor acts remain."""
        mode = min(self.mode, ceiling, key=MODES.index)
        if mode == "off":
            return None
        acts = dict(self._acts)
        with self._tables.session() as session, self._say.turns():
            forum = BenchForum(self.world, acts, handler=func.__name__, mode=mode, now=self.now, by=self._by)
            desk = BenchDesk(self.managers, self.mode, self._by)
            context = BenchContext(**self._parts(session), desk=desk, forum=forum)
            result = func(*arguments, context)
            session.commit()
        self._acts = acts
        return result

    def _read(self, func: Callable[..., Any], *arguments: Any) -> Any:
        with self._tables.session() as session:
            desk = BenchDesk(self.managers, self.mode, self._by, writable=False)
            result = func(*arguments, BenchInlineContext(**self._parts(session), desk=desk))
            if session.new or session.dirty or session.deleted:
                raise BenchError(f"{func.__name__} wrote to its tables: drafts, pages and numbers only read")
            session.rollback()
        return result

    @contextmanager
    def _hand(self, by: str) -> Iterator[None]:
        self._by = by
        try:
            yield
        finally:
            self._by = ""

    def _parts(self, session: Any) -> dict[str, Any]:
        return {
            "site": self.site,
            "archive": self.archive,
            "calendar": self.calendar,
            "shared": self.shared,
            "consent": self.consent,
            "settings": self.settings,
            "db": session,
            "say": self._say,
            "now": self.now,
            "log": self.log,
            "folder": self._folder,
            "overrides": self.overrides,
        }

    @staticmethod
    def _one(specs: Sequence[Any], wanted: str, what: str, name: Callable[[Any], str]) -> Any:
        for spec in specs:
            if name(spec) == wanted:
                return spec
        known = ", ".join(map(name, specs)) or "none"
        raise BenchError(f"the plugin has no {what} {wanted!r}; it has: {known}")


def _seen_by(viewer: Viewer, func: Callable[..., Any]) -> Callable[..., Any]:
    """A member page or form takes who looks as its last argument."""

    @wraps(func)
    def shown(values: Mapping[str, str], context: Any) -> Any:
        return func(values, context, viewer)

    return shown
