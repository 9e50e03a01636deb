"""`/theme/passerelle.js`: the module of the theme component, for pages that load it from here: the sandbox's do."""

import hashlib
from functools import cache

from flask import Blueprint, Response, request

from connector.theme.joining import joined

blueprint = Blueprint("theme", __name__, url_prefix="/theme")


@blueprint.get("/passerelle.js")
def module() -> Response:
    """The very module that the component holds; anybody may load it, it keeps no secret."""
    text, digest = _module()
    answer = Response(text, content_type="text/javascript; charset=utf-8")
    answer.set_etag(digest)
    # Asked for by its digest (`?v=…`) it never changes.
    lasting = request.args.get("v") == digest
    answer.headers["Cache-Control"] = "public, max-age=31536000, immutable" if lasting else "public, no-cache"
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer.make_conditional(request)  # type: ignore[return-value]  # werkzeug's own response is ours


@cache
def _module() -> tuple[str, str]:
    text = joined()
    return text, hashlib.sha256(text.encode()).hexdigest()[:20]
