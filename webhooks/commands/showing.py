"""`passerelle demo`: the sandbox forum and Passerelle beside it, on this machine, with invented people."""

import shutil
from pathlib import Path

import click

from webhooks.commands.shared import plainly


@click.command()
@click.option("--tour", is_flag=True, help="Play the story, check every step, and end.")
@click.option("--lang", type=click.Choice(["fr", "en"]), default="en", help="Language in which the tour is told.")
@click.option("--port", default=8100, help="Port of Passerelle (0: any free one).")
@click.option("--forum-port", default=8090, help="Port of the sandbox forum (0: any free one).")
@click.option("--folder", type=click.Path(path_type=Path), default=Path("demo-data"), help="Made anew each time.")
@click.option("--model", default="bundled", help="Embedding model; '' for search by words only.")
@plainly
def demo(tour: bool, lang: str, port: int, forum_port: int, folder: Path, model: str) -> None:
    """Start a sandbox forum with an invented community and Passerelle beside it, and stay up."""
    # Not above: other commands need neither the sandbox nor the story.
    from webhooks.demo.control import ForumSays
    from webhooks.demo.evening import stay_up
    from webhooks.demo.scene import Scene
    from webhooks.demo.stage import Stage, StageError
    from webhooks.demo.tour import play

    try:
        if not tour:
            with Stage(folder, port=port, forum_port=forum_port, model=model, lang=lang) as stage:
                stay_up(stage, click.echo)
            return
        with Stage(folder / "tour", model=model, lang=lang) as stage:
            went_well = play(Scene(stage, click.echo))
    except (StageError, ForumSays) as error:
        raise click.ClickException(str(error)) from error
    if went_well:
        # After a failure its files and logs stay, to be looked at.
        shutil.rmtree(folder / "tour", ignore_errors=True)
    raise SystemExit(0 if went_well else 1)
