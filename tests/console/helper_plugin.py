"""A plugin that uses everything the console draws: settings of every kind, pages of every block, a card, a task."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from plugins.blocks import (
    Anchor,
    Block,
    Curve,
    Editor,
    Field,
    Figure,
    Figures,
    Form,
    Notice,
    Page,
    Picture,
    RawList,
    Reorder,
    Table,
    Task,
    Text,
)
from plugins.contract import Case, Plugin
from plugins.settings import setting

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d494844520000000100000001080600000"
    "01f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


@dataclass(frozen=True)
class Settings:
    """One setting of each kind that forms draw."""

    per_week: int = setting(3, min=0, max=20, label={"en": "Per person and week", "fr": "Par personne et semaine"},
                            help={"en": "At most so many.", "fr": "Pas plus que cela."})  # fmt: skip
    share: float = setting(0.5, min=0, max=1, label={"en": "Share", "fr": "Part"})
    public: bool = setting(False, label={"en": "Reply in public", "fr": "Répondre en public"})
    wait: timedelta = setting(timedelta(hours=36), label={"en": "Wait", "fr": "Attente"})
    words: tuple[str, ...] = setting((), label={"en": "Words", "fr": "Mots"})
    rooms: tuple[int, ...] = setting((), widget="categories", label={"en": "Rooms", "fr": "Salles"})
    tone: str = setting(
        "warm",
        choices={"warm": {"en": "warm", "fr": "chaleureux"}, "dry": {"en": "dry", "fr": "sobre"}},
        label={"en": "Tone", "fr": "Ton"},
    )
    token: str = setting("", widget="secret", per_category=False, label={"en": "Token", "fr": "Jeton"})


plugin = Plugin(
    "helper",
    about="Finds who may help.\n\nIt never answers by itself.",
    title={"en": "Helper", "fr": "Coup de main"},
    settings=Settings,
)

orders: list[str] = []
"""What came back from the page's forms, for the tests to look at."""


@plugin.page("blocks", title={"en": "All blocks", "fr": "Tous les blocs"}, roles=("admin", "community_manager"))
def blocks_page(query: dict[str, str], context: Any) -> Page:
    if query.get("action"):
        orders.append(f"{query['action']}:{query.get('order') or query.get('note') or query.get('subject')}")
    return Page("All blocks", every_block(query.get("word", "plain")))


@plugin.page("reading", title={"en": "Forms that read", "fr": "Formulaires de lecture"})
def reading_page(query: dict[str, str], context: Any) -> Page | Notice:
    """Counts words in a form that reads, previews its editor, and answers its own form with a sentence."""
    action = query.get("action")
    if action in ("count", "preview"):
        return Page("Counted", [Text(f"{len(query['words'].split())} words: {query['words']}")])
    if action == "keep":
        orders.append(f"keep:{query['words']}")
        return Notice(f"Kept {query['words']}", "warning" if "?" in query["words"] else "good")
    form = Form([Field("words", "Words", widget="text")], "Count", "count", reads=True)
    return Page("Forms that read", [Editor("words", "one two", "Source", "keep", "yaml", "preview"), form])


@plugin.public_page("helping", title={"en": "Helping", "fr": "Aider"})
def helping_page(query: dict[str, str], context: Any) -> Page:
    return Page("Helping", [Text("How we help each other.")])


@plugin.page("people", title={"en": "Who knows what", "fr": "Qui sait quoi"}, about_people=True)
def people_page(query: dict[str, str], context: Any) -> Page:
    member = context.archive.member_named("karim")
    rows = [["Pumps", [Anchor("Leaking pump", "/t/1/2")], 2]]
    return Page("Who knows what", [Table(("Subject", "Evidence", "Left this week"), rows)], (member.id,))


@plugin.page("greeters", title={"en": "For greeters", "fr": "Pour l'accueil"}, roles=("greeter", "admin"))
def greeters_page(query: dict[str, str], context: Any) -> Page:
    return Page("For greeters", [Text("Welcome them.")])


@plugin.page("broken", title={"en": "Broken", "fr": "Cassée"})
def broken_page(query: dict[str, str], context: Any) -> Page:
    raise RuntimeError("secret detail of the plugin")


@plugin.measure(
    "answered_72h", definition={"en": "Questions answered in 72 hours.", "fr": "Questions répondues en 72 h."}
)
def answered(context: Any) -> Case:
    return Case(0.62, 0.55, 0.69, 0.48, ({"topic": 1, "hours": 5.5},))


@plugin.action
def to_do(context: Any) -> list[Task]:
    return [Task("t1", "Thank Karim", "He answered three questions.", 5, "/console/activity")]


@plugin.card
def card(member_id: int, context: Any) -> list[Block]:
    answers = context.consent.feedback_anchors("named", member_id, ("not_now", "not_here"))
    return [Text(f"Subjects of member {member_id}: pumps"), Table(["Answer"], [[answers]])]


def every_block(word: str) -> list[Block]:
    """One of each block, with `word` wherever a text can stand."""
    start = datetime(2026, 11, 1, tzinfo=UTC)
    days = [start + timedelta(days=n) for n in range(14)]
    return [
        Text(word, heading=True),
        Text(f"{word}\n\nSecond paragraph."),
        Notice(word, "warning"),
        Figures([Figure(word, 0.71, 0.66, 0.76, 0.5, "%", word), Figure("Questions", 42), Figure("None yet", None)]),
        Table(
            (word, "When", "Who", "Share", "Many", "Sure"),
            [
                [
                    word,
                    start,
                    Anchor(word, "/t/1/2"),
                    0.25,
                    [Anchor("a", "/t/1"), Anchor(word, "/console", False)],
                    True,
                ],
                ["=1+1", None, Anchor("evil", "javascript:alert(1)"), -3, [], False],
            ],
            caption=word,
        ),
        Table(("Nothing",), [], empty=f"No {word}"),
        Curve(word, days, {word: [float(n) for n in range(14)], "other": [None, *range(13)]}, alt=word),
        Curve("Labels", ["a", word, "c"], {"n": [1, 2, 3]}),
        Picture(PIXEL, word),
        Picture(b"<svg onload=alert(1)>", word),
        Reorder("order", [("a", f"First {word}"), ("b", "Second"), ("c", "Third")], "sort"),
        Editor("note", word, word, "write"),
        Form(
            [Field("subject", word, word, help=word), Field("kind", "Kind", "b", "choice", [("a", word), ("b", "B")])],
            word,
            "ask",
        ),
        Form([Field("word", "Search", word)], "Search"),
        RawList(word, [{"topic": 1, "title": word}]),
    ]
