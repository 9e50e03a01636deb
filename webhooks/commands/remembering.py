"""`import`, `reindex`, `model check`, `erase`: the forum's memory."""

import time
from pathlib import Path
from typing import Any

import click

from connector.archive.backends import backend_of, best_here
from connector.archive.forum_import import ForumImported
from connector.archive.model_check import ModelCheck
from connector.archive.model_files import ModelFacts
from webhooks.commands.shared import opened, plainly
from webhooks.erasure import erase as erase_everywhere
from webhooks.service import Service


@click.command("import")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--forum", "from_forum", is_flag=True, help="Read the configured forum's history over its API.")
@click.option("--public", default="", help="'all', or ids of categories that everybody may read (files do not say).")
@plainly
def import_history(paths: tuple[Path, ...], from_forum: bool, public: str) -> None:
    """Learn a forum's history, from PATHS (topic documents) or with --forum. Can be stopped and resumed."""
    if bool(paths) == from_forum:
        raise click.UsageError("Name files or folders to read, or say --forum.")
    for path in paths:
        if not path.exists():
            raise click.ClickException(f"{path} does not exist.")
    with opened() as service:
        if from_forum:
            service.config.need_forum()
            result: Any = service.archive.import_forum(service.forum, progress=_Progress())
        else:
            result = service.archive.import_path(*paths, public=_public(public), progress=_Progress())
        _tell(result)


def _public(text: str) -> Any:
    if text.strip() == "all":
        return "all"
    try:
        return [int(one) for one in text.replace(",", " ").split()]
    except ValueError:
        raise click.UsageError("--public takes 'all' or ids of categories, with commas.") from None


class _Progress:
    """Tells at most once a second how far it is; takes whatever the archive says of its state."""

    def __init__(self) -> None:
        self._told_at = 0.0

    def __call__(self, state: Any, *more: Any) -> None:
        now = time.monotonic()
        if now - self._told_at < 1.0:
            return
        self._told_at = now
        if isinstance(state, ForumImported):
            click.echo(f"  {state.read + state.held} topics …", err=True)
        elif hasattr(state, "posts"):
            click.echo(f"  {state.topics} topics, {state.posts} posts …", err=True)
        else:
            click.echo("  " + " of ".join(str(one) for one in (state, *more)) + " …", err=True)


def _tell(result: Any) -> None:
    if isinstance(result, ForumImported):
        state = "The history is complete" if result.finished else "Stopped; run it again to go on"
        click.echo(f"{state}: {result.read} topics read, {result.held} held already.")
        return
    click.echo(f"{result.topics} topics with {result.posts} posts are in the memory.")
    if result.incomplete:
        click.echo(f"{result.incomplete} topics lack posts that only the forum has.")
    if result.ids_only:
        click.echo(f"{result.ids_only} topics wait without words until their category is known to be open (--public).")
    for reason, count in result.skipped.items():
        click.echo(f"{count} skipped: {reason}")
    for file, line, reason in result.problems:
        click.echo(f"{file}, line {line}: {reason}", err=True)


@click.command()
@click.option("--model", default=None, help="Another model, by name or path; default is the configured one.")
@plainly
def reindex(model: str | None) -> None:
    """Make the indexes anew, and the vectors of another model beside those in use."""
    with opened() as service:
        backend = backend_of(service.config.model_backend)
        facts = service.archive.reindex(model or service.config.model or None, _Progress(), backend)
        if facts is None:
            click.echo("The index of words is new. There is no model: set PASSERELLE_MODEL for search by meaning.")
        else:
            click.echo(f"The indexes are new, with the model {facts.name} ({facts.backend}).")


@click.group()
def model() -> None:
    """The model that texts are compared with."""


@model.command("check")
@plainly
def model_check() -> None:
    """Say which model is used, by which backend and why, how fast it is here, and which languages it knows."""
    with opened() as service:
        name = service.config.model
        if not name:
            click.echo("No model is configured: search goes by words alone. Set PASSERELLE_MODEL to change that.")
            return
        wanted = service.archive.use_model(name, backend_of(service.config.model_backend))
        facts, found = service.archive.model_check()
        click.echo(
            f"Model {facts.name}, revision {facts.revision}, backend {facts.backend} ({found.precision}), "
            f"{facts.dim} dimensions."
        )
        click.echo(_why(service, facts, wanted))
        click.echo(
            f"{found.posts_per_second:.0f} texts of a hundred words a second on this machine, "
            f"{found.question_ms:.0f} ms a question."
        )
        for line in _languages(found):
            click.echo(line)


def _why(service: Service, facts: ModelFacts, wanted: ModelFacts) -> str:
    """Why this backend, and what `passerelle reindex` would change."""
    if wanted.id != facts.id:
        return f"Set up is {wanted.name} with backend {wanted.backend}: `passerelle reindex` moves the index to it."
    if service.config.model_backend:
        return "The backend is the one that PASSERELLE_MODEL_BACKEND names."
    best = best_here()
    if best.backend == facts.backend:
        return f"This backend, because {best.why}."
    return f"The best backend here is {best.backend}, because {best.why}: `passerelle reindex` moves the index to it."


def _languages(found: ModelCheck) -> list[str]:
    """Which languages the model knows, and whether it brings them together."""
    names = {"en": "English", "fr": "French"}
    lines = [
        f"It knows {name}." if code in found.known else
        f"It knows {name} badly: {found.languages[code]:.0%} of sentences found another that says the same."
        for code, name in names.items()
    ]  # fmt: skip
    if "fr-en" in found.known:
        return [*lines, "French and English are understood together: a question finds answers in the other language."]
    return [*lines, "French and English are not understood together: each language finds its own texts best."]


@click.command()
@click.argument("username")
@click.confirmation_option(prompt="This cannot be undone. Forget this member everywhere?")
@plainly
def erase(username: str) -> None:
    """Forget a member everywhere in Passerelle (the forum itself is not touched)."""
    with opened() as service:
        member = service.archive.member_named(username)
        if member is None:
            raise click.ClickException(f"Nobody named {username} is known here.")
        erase_everywhere(service, member.id)
        click.echo(f"{username} is forgotten.")
