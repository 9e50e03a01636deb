"""The forum's pages."""

from flask import Blueprint, Response

from .asking import board
from .problems import Problem

pages = Blueprint("pages", __name__)


def problem_page(problem: Problem) -> Response:
    """A refusal as a page."""
    return Response("\n".join(problem.texts()), problem.status, mimetype="text/plain")


@pages.get("/")
def home() -> Response:
    """The list of topics."""
    return Response(str(board().setting("title")), mimetype="text/plain")
