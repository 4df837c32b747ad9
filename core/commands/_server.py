"""How the web server is started: one place for ``manage.py run``, the tests and the bench."""

from __future__ import annotations

import hashlib
import hmac
import os
import socket
import sys
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from core.settings import Settings
from core.settings_problems import PREFIX

ROOT = Path(__file__).resolve().parents[2]


def server_command(settings: Settings) -> list[str]:
    """Return the command line of the web server; run it in ``ROOT`` with ``server_environment``."""
    address = urlsplit(settings.address)
    shown_port = address.port or (443 if address.scheme == "https" else 80)
    options = {
        "server.address": settings.host,
        "server.port": str(settings.port),
        "browser.serverAddress": address.hostname or settings.host,
        "browser.serverPort": str(shown_port),
    }
    flags = [word for name, value in options.items() for word in (f"--{name}", value)]
    return [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py"), *flags]


def server_environment(settings: Settings, base: Mapping[str, str]) -> dict[str, str]:
    """
    Return the variables of the server process.

    The cookie secret is derived from the installation's key: a restart must not refuse the forms that are open.
    """
    derived = hmac.new(settings.signing_key(), b"streamlit cookie secret", hashlib.sha256).hexdigest()
    return {
        **base,
        f"{PREFIX}DATA_DIR": str(settings.data_dir),
        f"{PREFIX}DATABASE_URL": settings.database_url,
        f"{PREFIX}HOST": settings.host,
        f"{PREFIX}PORT": str(settings.port),
        "STREAMLIT_SERVER_COOKIE_SECRET": derived,
        "FORWARDED_ALLOW_IPS": ",".join(settings.trusted_proxies),  # uvicorn's name; empty = believe nobody
        "PYTHONUTF8": "1",
        "PYTHONUNBUFFERED": "1",
    }


def is_port_free(host: str, port: int) -> bool:
    """Whether the server could listen there now."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        if os.name != "nt":  # elsewhere the option means "share the port", which is not the question
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True
