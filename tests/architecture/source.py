"""The product's own Python files, parsed."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_FOLDERS = ("core", "db", "pages")
_DOORS = ("app.py", "manage.py")


def product_files() -> list[Path]:
    """Return every module of the product, without tests."""
    doors = [ROOT / name for name in _DOORS if (ROOT / name).exists()]
    return doors + sorted(path for folder in _FOLDERS for path in (ROOT / folder).rglob("*.py"))


def is_schema_step(path: Path) -> bool:
    """Whether *path* is a numbered migration: a generated record, as long as the schema it creates."""
    return path.parent == ROOT / "db" / "migrations" / "versions"


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def name_of(path: Path) -> str:
    """Return the path as the reports show it, e.g. ``core/settings.py``."""
    return path.relative_to(ROOT).as_posix()


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def imports(tree: ast.Module) -> set[str]:
    """Return the top-level packages a module imports."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found.update(alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            found.add(node.module.partition(".")[0])
    return found


def calls(tree: ast.Module) -> Iterator[tuple[str, ast.Call]]:
    """Yield the dotted name and node of each call, e.g. ``st.html``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node
