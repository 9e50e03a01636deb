"""The bare address: to the console for those who may, to the why-page for everybody else."""

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue

from webhooks.views.console_guard import current_person

blueprint = Blueprint("root", __name__)


@blueprint.get("/")
def page() -> ResponseReturnValue:
    """Where this visitor belongs."""
    person = current_person()
    return redirect(url_for("console_home.page" if person and person.roles else "why.page"), 303)
