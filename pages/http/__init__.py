"""Real HTTP endpoints beside the screens. A module in this package that has ``routes()`` is found by itself."""

import importlib
import pkgutil

from starlette.routing import BaseRoute


def routes() -> list[BaseRoute]:
    """Return the routes of every module in this package."""
    found: list[BaseRoute] = []
    for info in sorted(pkgutil.iter_modules(__path__), key=lambda module: module.name):
        module = importlib.import_module(f"{__name__}.{info.name}")
        found.extend(module.routes() if hasattr(module, "routes") else ())
    return found
