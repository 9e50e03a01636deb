"""The why-page, open to everybody: purpose, promises, data, how to opt out."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from webhooks.views.console_drafts import shown_page
from webhooks.views.console_here import words
from webhooks.views.console_markdown import as_html

blueprint = Blueprint("why", __name__)


@blueprint.get("/why")
@blueprint.get("/why/<plugin>")
def page(plugin: str = "") -> ResponseReturnValue:
    """What the managers published, in the reader's language, for one plugin where it has a page of its own."""
    found = shown_page(plugin, words().lang)
    if found is None:
        return render_template("why.html", page=None)
    return render_template(
        "why.html", page=as_html(found.text), published_at=found.published_at, published_by=found.edited_by
    )
