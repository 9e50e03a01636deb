"""`import`, `reindex`, `model check`, `erase`: the forum's memory."""

import time
from pathlib import Path
from typing import Any

import click

from connector.archive.forum_import import ForumImported
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
        facts = service.archive.reindex(model or service.config.model or None, progress=_Progress())
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
    """Say which model is used, how fast it is here, and which languages it knows."""
    with opened() as service:
        name = service.config.model
        if not name:
            click.echo("No model is configured: search goes by words alone. Set PASSERELLE_MODEL to change that.")
            return
        facts = service.archive.use_model(name)
        click.echo(f"Model {facts.name}, revision {facts.revision}, backend {facts.backend}, {facts.dim} dimensions.")
        click.echo(f"{_speed(service):.0f} texts of a hundred words a second on this machine.")
        for line in _languages(service):
            click.echo(line)


def _speed(service: Service) -> float:
    words = "the quick brown fox jumps over a lazy dog and then rests beside an old stone bridge for a while "
    texts = [f"{number} {words * 5}" for number in range(64)]
    service.archive.embed(texts[:4])
    begin = time.perf_counter()
    service.archive.embed(texts)
    return len(texts) / (time.perf_counter() - begin)


def _languages(service: Service) -> list[str]:
    """Whether a question is closer to its translation than to another question of its own language."""
    pairs = (
        ("How do I claim travel expenses?", "Comment me faire rembourser mes frais de déplacement ?"),
        ("The printer on the second floor is out of paper.", "L'imprimante du deuxième étage n'a plus de papier."),
        ("Who has a template for a risk analysis?", "Qui a un modèle d'analyse de risques ?"),
    )
    rows = service.archive.embed([text for pair in pairs for text in pair])
    likeness = rows @ rows.T
    right = sum(
        likeness[2 * one, 2 * one + 1] > max(likeness[2 * one, 2 * other + 1] for other in range(3) if other != one)
        for one in range(3)
    )
    if right == len(pairs):
        return ["English and French are understood together: a question finds its answer in the other language."]
    return ["French and English are not understood together: each language finds its own texts best."]


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
