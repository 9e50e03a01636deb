"""What a plugin is: an object that collects decorated plain functions, each returned unchanged.

A plugin turns *what happened* into *what should be done*. It never talks to the network: everything it may touch comes
through the `Context` (see `plugins.doors` for its doors), and every act it asks for carries a reason and a key.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any, Literal, TypeVar

from plugins.blocks import Block, Page
from plugins.doors import (
    Act,
    ArchiveDoor,
    CalendarDoor,
    Context,
    ForumDoor,
    InlineContext,
    SharedDoor,
    Urgency,
    Viewer,
)
from plugins.inline import Draft, Link, Offer, Person, Suggestion, Taken

F = TypeVar("F", bound=Callable[..., Any])
Mode = Literal["off", "watch", "propose", "act"]
Place = Literal["topic", "composer"]
Role = Literal["admin", "community_manager", "category_manager", "greeter", "mediator", "sponsor"]
MODES: tuple[Mode, ...] = ("off", "watch", "propose", "act")

__all__ = [
    "MODES",
    "Act",
    "ArchiveDoor",
    "Block",
    "CalendarDoor",
    "Case",
    "Clockwork",
    "CommandSpec",
    "Context",
    "Draft",
    "FeedSpec",
    "ForumDoor",
    "InlineContext",
    "InlineSpec",
    "Link",
    "Listener",
    "MeasureSpec",
    "MemberFormSpec",
    "MemberPageSpec",
    "Mode",
    "Offer",
    "OfferSpec",
    "Page",
    "PageSpec",
    "Person",
    "Place",
    "Plugin",
    "PublicPageSpec",
    "Role",
    "SharedDoor",
    "Suggestion",
    "Taken",
    "Urgency",
    "Viewer",
]


@dataclass(frozen=True, slots=True)
class Listener:
    """A handler of one or several of Discourse's own event names; `ceiling` is the highest mode it may ever reach."""

    func: Callable[..., Any]
    events: tuple[str, ...]
    ceiling: Mode = "act"

    @property
    def name(self) -> str:
        return self.func.__name__


@dataclass(frozen=True, slots=True)
class Clockwork:
    """A handler called by the clock: a cron line in the site's time zone, or every so many minutes."""

    func: Callable[..., Any]
    cron: str | None
    minutes: int | None
    ceiling: Mode = "act"

    @property
    def name(self) -> str:
        return self.func.__name__


@dataclass(frozen=True, slots=True)
class InlineSpec:
    """A read-only handler of a draft (`composer`) or of a topic being read (`topic`), with its time budget in ms."""

    func: Callable[..., Any]
    place: Place
    budget_ms: int = 120

    @property
    def name(self) -> str:
        return f"{self.place}.{self.func.__name__}"


@dataclass(frozen=True, slots=True)
class OfferSpec:
    """What happens when a member takes an offer of this name."""

    func: Callable[..., Any]
    name: str


@dataclass(frozen=True, slots=True)
class MemberPageSpec:
    """A page of blocks for members; one `about_people` is closed until why-page and announcement are published."""

    func: Callable[..., Any]
    slug: str
    title: Mapping[str, str]
    about_people: bool = False


@dataclass(frozen=True, slots=True)
class MemberFormSpec:
    """What happens when a member sends a form whose `action` has this name."""

    func: Callable[..., Any]
    name: str


@dataclass(frozen=True, slots=True)
class PageSpec:
    """A page of blocks for the people named in `roles`; `about_people` pages are logged, view by view."""

    func: Callable[..., Any]
    slug: str
    title: Mapping[str, str]
    roles: tuple[Role, ...]
    about_people: bool = False


@dataclass(frozen=True, slots=True)
class MeasureSpec:
    """A number with its definition (per language); the function gives value, interval, baseline and raw list.

    `title` is what it is called (per language); of a `share` 0.4 is shown as 40 %.
    """

    func: Callable[..., Any]
    name: str
    definition: Mapping[str, str]
    title: Mapping[str, str] = field(default_factory=dict)
    share: bool = False


@dataclass(frozen=True, slots=True)
class PublicPageSpec:
    """A page of blocks that everybody who may read the forum may read."""

    func: Callable[..., Any]
    slug: str
    title: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class FeedSpec:
    """A feed of entries, rendered by the host as Atom."""

    func: Callable[..., Any]
    name: str


@dataclass(frozen=True, slots=True)
class CommandSpec:
    """Words after `passerelle` on the command line; the function gets `ctx` and the arguments, returns an exit code."""

    func: Callable[..., Any]
    words: str


@dataclass(frozen=True, slots=True)
class Case:
    """A measured number for `@plugin.measure`: `value`, its 95 % interval, the baseline and the rows behind it."""

    value: float | None
    low: float | None = None
    high: float | None = None
    baseline: float | None = None
    rows: tuple[Mapping[str, Any], ...] = ()


@dataclass(slots=True)
class Plugin:
    """A plugin: a name, what it says of itself (`about`: the module's docstring, or a text per language), settings,
    tables and handlers.

    `settings` is a frozen dataclass built with `plugins.settings.setting`; `tables` a module or object with a
    SQLAlchemy `metadata` whose table names all begin with `<name>_`; `folder` holds `locales/{fr,en}.toml` and, where
    there are tables, `migrations/` for alembic. `default_mode` is always `watch`: a plugin earns the rest.
    """

    name: str
    about: str | Mapping[str, str] | None = None
    title: Mapping[str, str] = field(default_factory=dict)
    settings: type[Any] | None = None
    tables: ModuleType | Any | None = None
    folder: Path | None = None
    listeners: list[Listener] = field(default_factory=list)
    clockworks: list[Clockwork] = field(default_factory=list)
    inlines: list[InlineSpec] = field(default_factory=list)
    offers: list[OfferSpec] = field(default_factory=list)
    member_pages: list[MemberPageSpec] = field(default_factory=list)
    member_forms: list[MemberFormSpec] = field(default_factory=list)
    pages: list[PageSpec] = field(default_factory=list)
    measures: list[MeasureSpec] = field(default_factory=list)
    actions: list[Callable[..., Any]] = field(default_factory=list)
    public_pages: list[PublicPageSpec] = field(default_factory=list)
    feeds: list[FeedSpec] = field(default_factory=list)
    commands: list[CommandSpec] = field(default_factory=list)
    verdict_hooks: list[Callable[..., Any]] = field(default_factory=list)
    card_hooks: list[Callable[..., Any]] = field(default_factory=list)
    forget_hooks: list[Callable[..., Any]] = field(default_factory=list)
    ready_hooks: list[Callable[..., Any]] = field(default_factory=list)

    def about_in(self, lang: str) -> str:
        """What it says of itself in a language, else in English, else in any."""
        if self.about is None or isinstance(self.about, str):
            return self.about or ""
        return self.about.get(lang) or self.about.get("en") or next(iter(self.about.values()), "")

    def on(self, *events: str, ceiling: Mode = "act") -> Callable[[F], F]:
        """Call `handler(event, ctx)` when one of Discourse's `events` has been applied to the archive."""

        def register(func: F) -> F:
            self.listeners.append(Listener(func, events, ceiling))
            return func

        return register

    def every(self, *, cron: str | None = None, minutes: int | None = None, ceiling: Mode = "act") -> Callable[[F], F]:
        """Call `handler(ctx)` by the clock: `cron` (five fields, the site's time zone) or every `minutes`."""
        if (cron is None) == (minutes is None):
            raise ValueError("every() takes either cron or minutes")

        def register(func: F) -> F:
            self.clockworks.append(Clockwork(func, cron, minutes, ceiling))
            return func

        return register

    def inline(self, place: Place, *, budget_ms: int = 120) -> Callable[[F], F]:
        """Call `handler(draft, ctx)` for a draft or a topic being read: a list of `Suggestion`, no writes.

        One that takes longer than `budget_ms` is dropped, and left out for a minute after five times running. The host
        shows nothing in `off`; in `watch` managers alone see it, marked as such.
        """

        def register(func: F) -> F:
            self.inlines.append(InlineSpec(func, place, budget_ms))
            return func

        return register

    def offer(self, name: str) -> Callable[[F], F]:
        """A member took an `Offer` of a suggestion: `handler(taken, ctx) -> str`, a sentence said to that member.

        The context writes. The host has seen to it that the member is who clicks, that the topic is still there and
        open, that the mode is `propose` or `act`, and that the same offer is never taken twice; acts go through the
        outbox as all do.
        """

        def register(func: F) -> F:
            self.offers.append(OfferSpec(func, name))
            return func

        return register

    def member_page(
        self, slug: str, *, title: Mapping[str, str] | None = None, about_people: bool = False
    ) -> Callable[[F], F]:
        """A page for members who are logged in, at `/m/<plugin>/<slug>`: `handler(query, ctx, viewer) -> Page`.

        The viewer's own rights count: ask the archive with `viewer.audience`. `about_people` keeps it closed until
        why-page and announcement are published; whoever stands in the page's `about_members` sees who looked.
        """

        def register(func: F) -> F:
            self.member_pages.append(MemberPageSpec(func, slug, title or {"en": slug, "fr": slug}, about_people))
            return func

        return register

    def member_form(self, name: str) -> Callable[[F], F]:
        """A member sent a `Form(action=name)` of a card or a member page: `handler(values, ctx, viewer) -> str`.

        The context writes; the text is said to the member, who comes back to the page the form stands on.
        """

        def register(func: F) -> F:
            self.member_forms.append(MemberFormSpec(func, name))
            return func

        return register

    def page(
        self,
        slug: str,
        *,
        title: Mapping[str, str] | None = None,
        roles: tuple[Role, ...] = ("admin", "community_manager"),
        about_people: bool = False,
    ) -> Callable[[F], F]:
        """A page for managers: `handler(query, ctx)` gets the query string's values, returns a `Page` of blocks.

        A form that is sent comes back to the same handler, its fields and `action` in `query`, with a context that
        writes; what it returns is not shown, but for a `plugins.blocks.Notice`, which is said to the manager.
        """

        def register(func: F) -> F:
            self.pages.append(PageSpec(func, slug, title or {"en": slug, "fr": slug}, roles, about_people))
            return func

        return register

    def measure(
        self,
        name: str,
        *,
        definition: Mapping[str, str] | None = None,
        title: Mapping[str, str] | None = None,
        share: bool = False,
    ) -> Callable[[F], F]:
        """A number: `handler(ctx) -> Case`; with `share` its value 0.4 is shown as 40 %."""

        def register(func: F) -> F:
            self.measures.append(MeasureSpec(func, name, definition or {}, title or {}, share))
            return func

        return register

    def action(self, func: F) -> F:
        """What deserves a manager's minutes today: `handler(ctx) -> list[plugins.blocks.Task]`."""
        self.actions.append(func)
        return func

    def public_page(self, slug: str, *, title: Mapping[str, str] | None = None) -> Callable[[F], F]:
        """A page for all who may read the forum: `handler(query, ctx) -> Page`."""

        def register(func: F) -> F:
            self.public_pages.append(PublicPageSpec(func, slug, title or {"en": slug, "fr": slug}))
            return func

        return register

    def feed(self, name: str) -> Callable[[F], F]:
        """A feed for everybody: `handler(ctx) -> list[plugins.blocks.FeedEntry]`, at `/feeds/<plugin>/<name>.atom`.

        Nobody gets it where the forum needs a login; entries about a topic that is not for everybody are left out.
        """

        def register(func: F) -> F:
            self.feeds.append(FeedSpec(func, name))
            return func

        return register

    def command(self, words: str) -> Callable[[F], F]:
        """`passerelle <words> …`: `handler(arguments: list[str], ctx) -> int`."""

        def register(func: F) -> F:
            self.commands.append(CommandSpec(func, words))
            return func

        return register

    def verdict(self, func: F) -> F:
        """A member answered a suggestion: `handler(verdict: plugins.doors.Verdict, ctx)`, same rules as an event."""
        self.verdict_hooks.append(func)
        return func

    def card(self, func: F) -> F:
        """What this plugin knows of a member, for `/me`: `handler(member_id, ctx) -> list[Block]`."""
        self.card_hooks.append(func)
        return func

    def forget(self, func: F) -> F:
        """A member left or asked to be erased: `handler(member_id, ctx)` deletes what the plugin's own tables hold."""
        self.forget_hooks.append(func)
        return func

    def keep_ready(self, func: F) -> F:
        """In the web process, beside requests, again and again: `handler(ctx) -> (done, of)`, a tenth of a second."""
        self.ready_hooks.append(func)
        return func
