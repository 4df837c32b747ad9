"""Sizes, places and doors of the code. Each rule is a function over one file, so that it can be shown to bite."""

import ast
from pathlib import Path

import pytest

from tests.architecture.source import ROOT, calls, functions, imports, is_schema_step, name_of, product_files, tree_of

MODULE_LINES = 400
FUNCTION_LINES = 60
APP_LINES = 100
MARKUP = "pages/components/markup.py"
WEB = {"streamlit", "starlette", "uvicorn"}
DANGEROUS_MODULES = {"pickle", "cPickle", "shelve", "marshal", "dill"}
DANGEROUS_CALLS = {"eval", "exec", "compile", "os.system", "yaml.load"}


def sized_files() -> list[Path]:
    return [path for path in product_files() if not is_schema_step(path)]


def breaches(rule) -> list[str]:
    files = sized_files() if rule is long_functions else product_files()
    return [f"{name_of(path)}: {text}" for path in files for text in rule(name_of(path), tree_of(path))]


def long_functions(_name: str, tree: ast.Module) -> list[str]:
    lengths = [(node.name, (node.end_lineno or 0) - node.lineno + 1) for node in functions(tree)]
    return [f"{function} has {lines} lines" for function, lines in lengths if lines > FUNCTION_LINES]


def web_outside_pages(name: str, tree: ast.Module) -> list[str]:
    allowed = name == "app.py" or name.startswith("pages/")
    return [] if allowed else sorted(imports(tree) & WEB)


def raw_html(name: str, tree: ast.Module) -> list[str]:
    """Return the ways to put markup on a page, outside the one module that may."""
    if name == MARKUP:
        return []
    found = []
    for called, node in calls(tree):
        keywords = {keyword.arg for keyword in node.keywords}
        if called in {"st.html", "streamlit.html"} or called.endswith(".v2.component") or "components.v1" in called:
            found.append(called)
        found.extend(sorted(keywords & {"unsafe_allow_html", "unsafe_allow_javascript"}))
    return found


def dangerous(_name: str, tree: ast.Module) -> list[str]:
    named = [called for called, _ in calls(tree) if called in DANGEROUS_CALLS]
    shells = [called for called, node in calls(tree) if _uses_shell(node)]
    return sorted(imports(tree) & DANGEROUS_MODULES) + named + shells


def _uses_shell(node: ast.Call) -> bool:
    return any(
        keyword.arg == "shell" and not (isinstance(keyword.value, ast.Constant) and keyword.value.value is False)
        for keyword in node.keywords
    )


def downloads_past_the_frame(name: str, tree: ast.Module) -> list[str]:
    """Return download buttons that make their file outside the frame: they would read live under a closed month."""
    if not name.startswith("pages/"):
        return []
    makers = [node.args[1] for called, node in calls(tree) if called.endswith("download_button") and len(node.args) > 1]
    return [f"line {maker.lineno}" for maker in makers if isinstance(maker, ast.Lambda)]


RULES = {
    "downloads": downloads_past_the_frame,
    "function length": long_functions,
    "web": web_outside_pages,
    "raw html": raw_html,
    "dangerous": dangerous,
}


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_product_keeps_the_rule(rule):
    assert breaches(rule) == []


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        (long_functions, "def f():\n" + "    x = 1\n" * FUNCTION_LINES),
        (web_outside_pages, "def f():\n    from streamlit.web import cli"),
        (web_outside_pages, "import starlette.requests"),
        (raw_html, "import streamlit as st\nst.html(text)"),
        (raw_html, "column.markdown(text, unsafe_allow_html=True)"),
        (raw_html, "st.components.v2.component('x', html=text)"),
        (downloads_past_the_frame, "import streamlit as st\nst.download_button('x', lambda: export())"),
        (dangerous, "import pickle"),
        (dangerous, "from marshal import loads"),
        (dangerous, "eval(text)"),
        (dangerous, "subprocess.run(text, shell=True)"),
    ],
)
def test_rule_names_a_planted_breach(rule, code):
    home = "pages/planted.py" if rule is downloads_past_the_frame else "core/planted.py"
    assert rule(home, ast.parse(code)) != []


def test_module_is_at_most_400_lines():
    sizes = {name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in sized_files()}
    assert {name: lines for name, lines in sizes.items() if lines > MODULE_LINES} == {}


def test_web_door_is_less_than_100_lines():
    app = ROOT / "app.py"
    assert not app.exists() or len(app.read_text(encoding="utf-8").splitlines()) < APP_LINES


def test_no_page_script_lies_directly_in_pages():
    """Streamlit would run it past app.py on a fresh server: no login, no role check."""
    assert [path.name for path in (ROOT / "pages").glob("*.py")] == ["__init__.py"]


def test_page_files_bear_no_name_of_a_package():
    """Under AppTest the script's folder comes first on sys.path and would hide the package."""
    import sys
    from importlib.metadata import packages_distributions

    taken = set(sys.stdlib_module_names) | set(packages_distributions())
    own = {path.stem: name_of(path) for path in (ROOT / "pages").rglob("*.py") if path.stem != "__init__"}
    assert {name: path for name, path in own.items() if name in taken} == {}


def test_every_folder_of_the_product_is_a_package():
    folders = {path.parent for path in product_files() if path.parent != ROOT}
    skipped = ROOT / "db" / "migrations"
    missing = [name_of(f) for f in folders if not (f / "__init__.py").exists() and not f.is_relative_to(skipped)]
    assert sorted(missing) == []


def test_every_source_file_is_utf8_without_a_mark():
    marked = [name_of(path) for path in product_files() if path.read_bytes().startswith(b"\xef\xbb\xbf")]
    assert marked == []


def test_files_under_test_are_the_product():
    names = {name_of(Path(path)) for path in product_files()}
    assert {"manage.py", "core/settings.py", "db/session.py"} <= names
