"""The security headers of every answer; templates get `csp_nonce()` for the few inline scripts they need."""

import secrets

from flask import Flask, Response, g, request

from webhooks.config import Config


def protect(app: Flask, config: Config) -> None:
    """Add headers to every answer, and the nonce to every template."""
    forum = config.forum_url or "'self'"
    secure = config.public_url.startswith("https:")

    def nonce() -> str:
        if "csp_nonce" not in g:
            g.csp_nonce = secrets.token_urlsafe(16)
        return str(g.csp_nonce)

    def add(answer: Response) -> Response:
        policy = (
            f"default-src 'none'; script-src 'self' 'nonce-{nonce()}'; style-src 'self' 'nonce-{nonce()}'; "
            f"img-src 'self' data: {forum}; font-src 'self'; connect-src 'self'; frame-ancestors 'none'; "
            f"base-uri 'none'; form-action 'self' {forum}; manifest-src 'self'"
        )
        answer.headers.setdefault("Content-Security-Policy", policy)
        answer.headers.setdefault("X-Content-Type-Options", "nosniff")
        answer.headers.setdefault("X-Frame-Options", "DENY")
        answer.headers.setdefault("Referrer-Policy", "same-origin")
        answer.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        answer.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        if secure:
            answer.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        if request.endpoint != "static":
            answer.headers.setdefault("Cache-Control", "no-store")
        return answer

    app.after_request(add)
    app.jinja_env.globals["csp_nonce"] = nonce
