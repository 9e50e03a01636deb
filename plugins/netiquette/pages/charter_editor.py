"""The console's page for the charter: its YAML with a preview, a form a clause, a text to try, versions, an import.

What is saved runs its own examples first; what fails is kept as a draft, shown with the reasons, and the charter that
was in force stays so.
"""

from collections.abc import Mapping
from typing import Any, cast

from connector.errors import ModelUnavailable
from plugins.blocks import Anchor, Block, Cell, Editor, Field, Form, Notice, Page, Table, Text
from plugins.doors import Context, InlineContext
from plugins.netiquette.charter import kept
from plugins.netiquette.charter.editing import with_clause
from plugins.netiquette.charter.examples import Outcome, run_examples
from plugins.netiquette.charter.importing import draft_of, guidelines_topic, sections_of_html, sections_of_text
from plugins.netiquette.charter.model import Charter, Clause
from plugins.netiquette.charter.problems import CharterError
from plugins.netiquette.charter.reading import LONGEST_YAML, default_text, read_charter
from plugins.netiquette.head.at_hand import head_at_hand
from plugins.netiquette.pages.charter_shown import (
    charter_blocks,
    detector_words,
    outcome_blocks,
    problem_blocks,
    scope_words,
    steps_to_choose,
)
from plugins.netiquette.pages.try_a_text import tried, try_form

PATH = "/console/plugins/netiquette/page/charter"
GUIDELINES = "/guidelines"
"""Where every Discourse shows the text of its guidelines."""


def editor(query: Mapping[str, str], ctx: InlineContext) -> Page | Notice:
    """The page, what a preview of it shows, or what became of a form that was sent."""
    action = query.get("action", "")
    if action == "preview":
        return Page(ctx.say("charter.page"), _preview(ctx, query.get("text", "")))
    if action == "try":
        return Page(ctx.say("charter.page"), tried(ctx, query, _charter_to_try(ctx)))
    if action:
        # With a form that was sent comes a context that writes.
        return _sent(action, query, cast("Context", ctx))
    clause = query.get("clause", "")
    return Page(ctx.say("charter.page"), _clause_page(ctx, clause) if clause else _whole(ctx))


def _told(ctx: Context, key: str, **values: Any) -> str:
    """What a form answers, in the language of the manager who sent it."""
    return ctx.say(key, ctx.desk.lang or None, **values)


def _sent(action: str, values: Mapping[str, str], ctx: Context) -> Notice:
    """A form came back: each leads to the same check."""
    text = kept.draft(ctx) or kept.text_in_force(ctx)[1]
    if action == "save":
        return save(ctx, values.get("text", "").replace("\r\n", "\n"))
    if action == "clause":
        try:
            return save(ctx, with_clause(text, values.get("id", ""), values))
        except (CharterError, KeyError):
            return Notice(_told(ctx, "charter.clause_lost"), "warning")
    if action == "restore":
        number = values.get("version", "")
        old = kept.text_of(ctx, int(number)) if number.isdigit() else None
        return save(ctx, old) if old is not None else Notice(_told(ctx, "charter.no_version"), "warning")
    if action == "import":
        return _import(ctx, values)
    if action == "drop":
        kept.drop_draft(ctx)
        return Notice(_told(ctx, "charter.dropped"))
    return Notice(_told(ctx, "charter.unknown_form"), "warning")


def save(ctx: Context, text: str) -> Notice:
    """Put a charter in force if it can be read and its examples come out as they say; else keep it as a draft."""
    by = ctx.desk.by
    try:
        charter = read_charter(text)
    except CharterError as error:
        kept.keep_draft(ctx, text[:LONGEST_YAML], by)
        first = error.problems[0]
        where = {"line": str(first.line), "clause": first.clause or "–"}
        return Notice(_told(ctx, "charter.not_saved", count=len(error.problems), **where), "warning")
    outcome = _run(ctx, charter)
    if outcome.failures:
        kept.keep_draft(ctx, text, by)
        first_failing = outcome.failures[0]
        return Notice(
            _told(
                ctx, "charter.not_saved_failing", count=len(outcome.failures), clause=str(first_failing.clause.number)
            ),
            "warning",
        )
    if text == kept.text_in_force(ctx)[1]:
        kept.drop_draft(ctx)
        return Notice(_told(ctx, "charter.same"))
    number = kept.keep(ctx, text, by)
    if outcome.untried:
        return Notice(_told(ctx, "charter.saved_untried", count=outcome.untried, version=str(number)))
    return Notice(_told(ctx, "charter.saved", version=str(number)))


def _run(ctx: InlineContext, charter: Charter) -> Outcome:
    """Try the examples; those of attacks only by the whole classifier, as half of it would refuse what is right."""
    head = head_at_hand(ctx)
    if head is None or not head.encoder:
        return run_examples(charter, None)
    encoder = head.encoder
    try:
        # Asked once before all: a model that is still loading would be waited for at every example.
        ctx.archive.embed(["."], model=encoder)
    except ModelUnavailable:
        return run_examples(charter, None)
    return run_examples(charter, head, lambda texts: ctx.archive.embed(texts, model=encoder))


def _import(ctx: Context, values: Mapping[str, str]) -> Notice:
    """The forum's guidelines, by the number of their topic or pasted, become a draft."""
    pasted, number = values.get("pasted", "").strip(), values.get("topic", "").strip()
    lang = values.get("lang", "en")
    title = kept.in_force(ctx).title.get(lang, "")
    if pasted:
        sections = sections_of_text(pasted)
    else:
        topic = ctx.forum.topic(int(number)) if number.isdigit() else None
        posts = [post for post in topic.posts if post.post_number == 1] if topic is not None else []
        if topic is None or not posts:
            return Notice(_told(ctx, "charter.no_topic"), "warning")
        title = topic.title or title
        sections = sections_of_html(posts[0].cooked)
    if not any(name for name, _ in sections):
        return Notice(_told(ctx, "charter.no_headings"), "warning")
    kept.keep_draft(ctx, draft_of(sections, title, lang, read_charter(default_text())), ctx.desk.by)
    return Notice(_told(ctx, "charter.imported"))


def _charter_to_try(ctx: InlineContext) -> Charter:
    """The draft where there is one that can be read, else the charter in force."""
    text = kept.draft(ctx)
    try:
        return read_charter(text) if text else kept.in_force(ctx)
    except CharterError:
        return kept.in_force(ctx)


def _preview(ctx: InlineContext, text: str) -> list[Block]:
    """What is being written: its problems, else how members will read it and what the quick examples say."""
    try:
        charter = read_charter(text.replace("\r\n", "\n"))
    except CharterError as error:
        return problem_blocks(ctx, error)
    # While somebody types, attacks are not tried: that takes a model, and saving tries them anyway.
    return [*outcome_blocks(ctx, run_examples(charter, None)), *charter_blocks(ctx, charter, ctx.say("charter.lang"))]


def _whole(ctx: InlineContext) -> list[Block]:
    number, text = kept.text_in_force(ctx)
    draft = kept.draft(ctx)
    in_force = read_charter(text, number)
    blocks: list[Block] = [Text(ctx.say("charter.about"), quiet=True), *_draft_notes(ctx, draft)]
    blocks.append(Editor("text", draft or text, ctx.say("charter.yaml"), "save", format="yaml", preview="preview"))
    if draft:
        blocks.append(Form((), ctx.say("charter.drop"), "drop"))
    blocks += [Text(ctx.say("charter.try_title"), heading=True), *try_form(ctx)]
    blocks += [Text(ctx.say("charter.clauses"), heading=True), _clauses(ctx, in_force)]
    blocks += [Text(ctx.say("charter.versions"), heading=True), *_versions(ctx, number)]
    return [*blocks, Text(ctx.say("charter.import_title"), heading=True), *_import_form(ctx)]


def _draft_notes(ctx: InlineContext, draft: str | None) -> list[Block]:
    if draft is None:
        return []
    said: list[Block] = [Notice(ctx.say("charter.draft"), "warning")]
    try:
        charter = read_charter(draft)
    except CharterError as error:
        return [*said, *problem_blocks(ctx, error)]
    outcome: Outcome = _run(ctx, charter)
    return [*said, *outcome_blocks(ctx, outcome)]


def _clauses(ctx: InlineContext, charter: Charter) -> Table:
    lang = ctx.say("charter.lang")
    rows: list[list[Cell]] = [
        [
            one.number,
            Anchor(one.title_in(lang), f"{PATH}?clause={one.id}", forum=False),
            ", ".join(detector_words(ctx, use.detector) for use in one.uses) or ctx.say("charter.people_only"),
            scope_words(ctx, one) or ctx.say("charter.everywhere"),
            len(one.breach),
            len(one.allowed) + len(one.contested),
        ]
        for one in charter.clauses
    ]
    keys = ("charter.number", "charter.clause", "charter.finds", "charter.where", "charter.breaches", "charter.allowed")
    return Table([ctx.say(key) for key in keys], rows)


def _versions(ctx: InlineContext, current: int) -> list[Block]:
    found = kept.versions(ctx)
    rows: list[list[Cell]] = [[one.number, one.by or "–", one.at, one.number == current] for one in found]
    columns = [ctx.say(key) for key in ("charter.version", "charter.by", "charter.when", "charter.in_force")]
    shown: list[Block] = [Table(columns, rows, empty=ctx.say("charter.no_versions"))]
    if found:
        choices = [(str(one.number), f"{one.number} · {one.by or '–'}") for one in found if one.number != current]
        choices.append(("0", ctx.say("charter.shipped")))
        field = Field("version", ctx.say("charter.version"), choices=choices)
        shown.append(Form([field], ctx.say("charter.restore"), "restore"))
    return shown


def _import_form(ctx: InlineContext) -> list[Block]:
    way = Anchor(ctx.say("charter.guidelines"), GUIDELINES)
    fields = [
        Field("topic", ctx.say("charter.topic"), guidelines_topic(ctx) or "", help=ctx.say("charter.topic_help")),
        Field("pasted", ctx.say("charter.pasted"), widget="text"),
        Field("lang", ctx.say("charter.language"), ctx.say("charter.lang"), choices=_languages(ctx)),
    ]
    about = Text(ctx.say("charter.import_about"), quiet=True)
    return [about, Table([ctx.say("charter.on_forum")], [[way]]), Form(fields, ctx.say("charter.import_do"), "import")]


def _languages(ctx: InlineContext) -> list[tuple[str, str]]:
    return [("fr", ctx.say("charter.french")), ("en", ctx.say("charter.english"))]


def _clause_page(ctx: InlineContext, id: str) -> list[Block]:
    """One clause as a form; below it, what its examples are."""
    clause = _charter_to_try(ctx).clause(id)
    back = Table([""], [[Anchor(ctx.say("charter.back"), PATH, forum=False)]])
    if clause is None:
        return [Notice(ctx.say("charter.clause_lost"), "warning"), back]
    sides = [(ctx.say("charter.breach"), one) for one in clause.breach]
    sides += [(ctx.say("charter.allowed_one"), one) for one in (*clause.allowed, *clause.contested)]
    rows = [[side, one.lang, one.text[:300]] for side, one in sides]
    columns = [ctx.say(key) for key in ("charter.side", "charter.language", "charter.example")]
    return [back, *_clause_form(ctx, clause), Table(columns, rows, empty=ctx.say("charter.no_examples"))]


def _clause_form(ctx: InlineContext, clause: Clause) -> list[Block]:
    steps = steps_to_choose(ctx)
    categories = ", ".join(str(one) for one in clause.scope.categories or ())
    fields = [
        Field("id", ctx.say("charter.id"), clause.id, choices=[(clause.id, clause.id)]),
        Field("title_fr", ctx.say("charter.title_fr"), clause.title.get("fr", "")),
        Field("title_en", ctx.say("charter.title_en"), clause.title.get("en", "")),
        Field("text_fr", ctx.say("charter.text_fr"), clause.text.get("fr", ""), widget="text"),
        Field("text_en", ctx.say("charter.text_en"), clause.text.get("en", ""), widget="text"),
        Field("first_step", ctx.say("charter.first_step"), clause.first_step, choices=steps),
        Field("furthest", ctx.say("charter.furthest"), clause.ladder[-1], choices=steps),
        Field("categories", ctx.say("charter.categories"), categories, help=ctx.say("charter.categories_help")),
        *(Field(f"breach_{lang}", ctx.say(key), "", widget="text")
          for lang, key in (("fr", "charter.new_breach_fr"), ("en", "charter.new_breach_en"))),
        *(Field(f"allowed_{lang}", ctx.say(key), "", widget="text")
          for lang, key in (("fr", "charter.new_allowed_fr"), ("en", "charter.new_allowed_en"))),
    ]  # fmt: skip
    return [Form(fields, ctx.say("charter.save_clause"), "clause")]
