"""Discourse's side of a page with the component.

The two modules of its own that the component imports, the settings that it puts around every file of a theme, and the
elements where the connectors put them.
"""

import json

from flask import Blueprint, Response, request

from connector.theme.build import component

API = """export const apiInitializer = (version, start) => start({
  getCurrentUser: () => window.reader,
  composerBeforeSave: (hold) => (window.beforeSave = hold),
});"""
URL = "export default { routeTo: (path) => (window.routed = path) };"
IMPORTS = {"imports": {"discourse/lib/api": "/discourse/api.js", "discourse/lib/url": "/discourse/url.js"}}
ELEMENTS = (
    '<passerelle-topic id="above" data-topic="5" data-archetype="regular" data-place="above_posts"></passerelle-topic>'
    '<passerelle-topic id="below" data-topic="5" data-archetype="regular" data-place="below_posts"></passerelle-topic>'
    '<passerelle-composer data-action="createTopic" data-title="" data-text=""></passerelle-composer>'
)

discourse = Blueprint("discourse", __name__)


@discourse.get("/discourse/<name>.js")
def core(name: str) -> Response:
    """A module of the forum itself."""
    return Response({"api": API, "url": URL}[name], mimetype="text/javascript")


@discourse.get("/files/<path:path>")
def file(path: str) -> Response:
    """A file of the component; the forum's loader needs no ending."""
    known = component("3.1", "https://passerelle.example")
    return Response(known.get(path) or known[f"{path}.js"], mimetype="text/javascript")


@discourse.get("/forum")
def forum() -> str:
    """A page with `settings` of the component and `reader`, both JSON."""
    return (
        "<!doctype html><html lang=en><meta charset=utf-8><body><div style='height: 30em'>Posts.</div>"
        f"{ELEMENTS}<p id=after>After.</p>"
        f"<script>var settings = {request.args['settings']}; var reader = {request.args['reader']};</script>"
        f'<script type="importmap">{json.dumps(IMPORTS)}</script>'
        f'<script type="module" src="/files/javascripts/discourse/api-initializers/passerelle.js"></script>'
        f'<script type="module">window.started = true;</script>'
    )
