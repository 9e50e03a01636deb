"""The web process: Flask, our views, and what protects them."""

import importlib
import pkgutil
from collections.abc import Iterator

from flask import Blueprint, Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from webhooks import views
from webhooks.config import Config
from webhooks.door import Door
from webhooks.doorway import Doorway
from webhooks.headers import protect
from webhooks.limits import csrf, limiter
from webhooks.schema import is_current
from webhooks.service import Service, build

UNFORGEABLE = ("health", "inline", "silent_login", "theme")
"""Blueprints that no cookie speaks for: they change nothing, or ask for a signed word, and keep their own limits."""


def create_app(config: Config, *, service: Service | None = None) -> Flask:
    """The web application of one installation; every module of `webhooks.views` with a `blueprint` takes part."""
    service = service or build(config)
    if is_current(service):
        # Made now: it writes, which it could not do later from within somebody's transaction.
        _ = service.archive
    app = Flask("webhooks", static_folder="static", template_folder="templates")
    app.config.update(
        SECRET_KEY=config.signing_key(),
        SECRET_KEY_FALLBACKS=list(config.signing_keys()[:-1]),
        SESSION_COOKIE_NAME="passerelle",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=config.public_url.startswith("https:"),
        MAX_CONTENT_LENGTH=2 * 1024 * 1024,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
        RATELIMIT_HEADERS_ENABLED=True,
    )
    if config.trusted_proxies:
        hops = config.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    app.wsgi_app = Doorway(app.wsgi_app, lambda: _door(app))  # type: ignore[method-assign]
    app.extensions["passerelle"] = service
    app.extensions["passerelle.door"] = Door(service.database, config, service.clock)
    csrf.init_app(app)
    limiter.init_app(app)
    protect(app, config)
    for blueprint in _blueprints():
        if blueprint.name in UNFORGEABLE:
            csrf.exempt(blueprint)
            limiter.exempt(blueprint)
        app.register_blueprint(blueprint)
    return app


def _door(app: Flask) -> Door:
    found = app.extensions["passerelle.door"]
    assert isinstance(found, Door)
    return found


def _blueprints() -> Iterator[Blueprint]:
    for module in sorted(pkgutil.iter_modules(views.__path__), key=lambda one: one.name):
        found = getattr(importlib.import_module(f"{views.__name__}.{module.name}"), "blueprint", None)
        if isinstance(found, Blueprint):
            yield found
