"""Every malformed file ends with a named problem, in bounded time and memory, and leaves the store as it was."""

import os
import random
from collections import Counter
from functools import cache

import pytest

from core.importers.problems import PROBLEMS
from core.services import imports
from core.services.imports.kinds import KINDS
from db import session
from tests.factories import SYSTEM, make_county, make_project
from tests.faults import malformed_run
from tests.faults.malformed import CASES, Case
from tests.faults.malformed.bases import good_xlsx
from tests.faults.malformed_run import Outcome

pytestmark = [pytest.mark.faults, pytest.mark.skipif(os.name != "posix", reason="needs signals and resource limits")]

CPU_SECONDS = 10.0  # generous: the slowest, 2 100 sheets of one ledger, takes four
MEMORY_MIB = 250.0
# Every file goes through the ledger's door; through each other kind's, a share that changes with its name.
SHARE = 1 if os.environ.get("WR_TEST_CORPUS") == "full" else 8


def _cases_of(kind: str) -> list[Case]:
    return list(CASES) if kind == "ledger" else random.Random(kind).sample(CASES, len(CASES) // SHARE)


@pytest.fixture(scope="module")
def corpus_url(sqlite_template: object, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A store with a county and two projects, worked on by children only."""
    path = tmp_path_factory.mktemp("corpus") / "warroom.db"
    path.write_bytes(sqlite_template.read_bytes())  # type: ignore[attr-defined]
    url = f"sqlite:///{path.as_posix()}"
    store = session.open_store(url)
    with store.transaction(SYSTEM) as tx:
        county = make_county(tx, "兰山区")
        make_project(tx, county)
        make_project(tx, county)
    store.dispose()
    return url


@pytest.fixture(scope="module")
def outcomes(corpus_url: str) -> object:
    """Kind → name → what became of the file; each kind's files are sent when first asked for."""
    return cache(lambda kind: malformed_run.run(corpus_url, kind, _cases_of(kind)))


def test_corpus_is_large_and_names_are_told_apart() -> None:
    names = Counter(case.name for case in CASES)
    assert [name for name, count in names.items() if count > 1] == []
    assert sum(not case.is_harmless for case in CASES) >= 300


@pytest.mark.timeout(600)
@pytest.mark.parametrize("kind", list(KINDS))
def test_malformed_files_end_with_a_named_problem(outcomes: object, kind: str) -> None:
    found: dict[str, Outcome] = outcomes(kind)  # type: ignore[operator]
    harmless = {case.name for case in CASES if case.is_harmless}
    wrong = [
        f"{one.name}: {one.ending} {one.detail}"
        for one in found.values()
        if one.ending not in ("refused", "problems") and not (one.ending == "clean" and one.name in harmless)
    ]
    assert wrong == []
    assert {code for one in found.values() for code in one.codes} <= PROBLEMS.keys()


@pytest.mark.timeout(600)
@pytest.mark.parametrize("kind", list(KINDS))
def test_malformed_files_cost_little_and_change_nothing(outcomes: object, kind: str) -> None:
    found: dict[str, Outcome] = outcomes(kind)  # type: ignore[operator]
    assert [(one.name, one.cpu) for one in found.values() if one.cpu > CPU_SECONDS] == []
    assert [(one.name, one.memory) for one in found.values() if one.memory > MEMORY_MIB] == []
    assert [one.name for one in found.values() if one.is_changed] == []


@pytest.mark.timeout(600)
def test_a_good_file_is_imported_after_the_corpus(outcomes: object, corpus_url: str) -> None:
    outcomes("ledger")  # type: ignore[operator]
    store = session.open_store(corpus_url)
    session.use_store(store)
    try:
        preview = imports.preview(SYSTEM, "ledger", "台账.xlsx", good_xlsx())
        result = imports.apply(SYSTEM, preview.batch_id)
    finally:
        session.use_store(None)
        store.dispose()
    assert (result.inserted, result.quarantined) == (6, 0)


@pytest.mark.parametrize(
    ("mutant", "expected"),
    [("hangs", "hung"), ("dies", "died"), ("raises", "error"), ("writes", "changed"), ("swells", "large")],
)
def test_the_corpus_catches_a_mutant(corpus_url: str, mutant: str, expected: str) -> None:
    cases = [case for case in CASES if case.name == "text/prose"]
    (one,) = malformed_run.run(corpus_url, "ledger", cases, mutant, patience=8.0).values()
    seen = "changed" if one.is_changed else "large" if one.memory > MEMORY_MIB else one.ending
    assert seen == expected


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("workbook/cell-in-column-XFD", "too_many_columns"),
        ("workbook/cell-in-row-1048576", "too_many_rows"),
        ("workbook/cell-in-column-ZZZZZZZ", "file_damaged"),
        ("workbook/cell-in-single-quotes", "file_damaged"),
        ("workbook/row-far-cells-nameless", "file_damaged"),
        ("workbook/sheet-under-another-suffix", "file_damaged"),
        ("workbook/ole-cyclic-sectors", "file_damaged"),
        ("workbook/a-million-columns", "file_damaged"),
        ("workbook/injection-in-name-02", "formula_text"),
        ("workbook/injection-in-name-08", "formula_text"),
        ("workbook/macros", "file_carries"),
        ("archive/bomb-sheet-1024-MiB", "file_bomb"),
        ("archive/declares-one-gigabyte", "file_bomb"),
        ("archive/member-twice", "file_damaged"),
        ("text/31-MB", "file_too_large"),
        ("text/rows-130000", "too_many_rows"),
        ("text/million-columns", "too_many_columns"),
        ("text/zero-bytes-xlsx", "file_empty"),
        ("text/utf16-odd-length", "file_encoding"),
    ],
)
def test_malformed_file_is_called_by_its_fault(outcomes: object, name: str, code: str) -> None:
    assert code in outcomes("ledger")[name].codes  # type: ignore[operator]
