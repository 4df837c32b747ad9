"""Plain pages that say one thing, for visitors who stand before a closed door or at a wrong address."""

import secrets

from starlette.responses import HTMLResponse, Response

from pages.components import markup


def strict_policy(nonce: str) -> str:
    """Return the content security policy of pages without any script; *nonce* admits their style sheet."""
    return (
        f"default-src 'none'; style-src 'nonce-{nonce}'; img-src 'self' data:; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    )


def notice(title: str, message: str, status: int) -> Response:
    """Return a page that says *message*."""
    nonce = secrets.token_urlsafe(12)
    headers = {"content-security-policy": strict_policy(nonce), "cache-control": "no-store"}
    return HTMLResponse(markup.render("notice.html", title=title, message=message, nonce=nonce), status, headers)
