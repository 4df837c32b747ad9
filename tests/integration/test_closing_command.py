"""``manage.py close-month`` and ``closed``: JSON, refusals, verification."""

import json

import pytest
from sqlalchemy import update

from core.commands import build_parser
from core.domain.errors import Invalid
from db.models.closing import MonthArchivePart
from tests.support import closed_city
from tests.support.closed_city import WHY


@pytest.fixture
def city(sqlite_store):
    return closed_city.build(sqlite_store)


def manage(*words: str) -> int:
    arguments = build_parser().parse_args(list(words))
    return arguments.handler(arguments)


def test_month_is_closed_listed_and_verified(city, capsys):
    assert manage("close-month", "2026-10", "--accept-missing", WHY, "--json") == 0
    made = json.loads(capsys.readouterr().out)
    assert (made["month"], made["figures_on"], made["note"]) == ("2026-10", "2026-11-22", WHY)
    assert len(made["sha256"]) == 64
    assert manage("closed", "--verify", "--json") == 0
    assert json.loads(capsys.readouterr().out) == [{**made, "intact": True}]
    assert manage("closed") == 0
    assert made["sha256"] in capsys.readouterr().out


def test_damaged_archive_ends_with_status_one(city, sqlite_store, capsys):
    manage("close-month", "2026-10", "--accept-missing", WHY)
    assert "2026年10月已月结" in capsys.readouterr().out
    with sqlite_store.engine.begin() as connection:
        connection.execute(update(MonthArchivePart).values(content=b"x"))
    assert manage("closed", "--verify") == 1
    assert "已损坏" in capsys.readouterr().out


@pytest.mark.parametrize(("words", "code"), [(("2026-10",), "missing"), (("x",), "format"), (("2026-13",), "format")])
def test_closing_is_refused_with_its_reason(city, words, code):
    with pytest.raises(Invalid) as refused:
        manage("close-month", *words)
    assert [problem.code for problem in refused.value.problems] == [code]


def test_nothing_closed_is_said(sqlite_store, capsys):
    assert manage("closed") == 0
    assert "还没有月结的月份" in capsys.readouterr().out
