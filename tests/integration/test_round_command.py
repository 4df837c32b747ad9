"""``manage.py round``: a whole round from the command line, its JSON, its files."""

import json
from hashlib import sha256
from io import BytesIO

import pytest
from openpyxl import load_workbook

from core.commands import build_parser
from core.domain.errors import Invalid, NotFound, RoundRefused, StaleComputation
from tests.factories import SYSTEM, YI, make_report
from tests.support.round_city import build


def manage(*words):
    arguments = build_parser().parse_args(["round", *words])
    return arguments.handler(arguments)


def told(capsys, *words):
    assert manage(*words, "--json") == 0
    return json.loads(capsys.readouterr().out)


def test_a_round_from_creation_to_export(sqlite_store, capsys, tmp_path):
    city = build(sqlite_store)
    assert told(capsys, "list") == []
    made = told(capsys, "create", "--first-month", "2026-09")
    assert (made["number"], made["first_month"], made["last_month"], made["status"]) == (
        1,
        "2026-09",
        "2026-10",
        "draft",
    )
    computed = told(capsys, "compute", "2026-1")
    assert (computed["levels"]["severe"], computed["from_rollups"]) == (2, True)
    assert told(capsys, "review", "2026-1")["status"] == "reviewed"
    with sqlite_store.transaction(SYSTEM) as tx:
        make_report(tx, city["red"], 8, YI)
    with pytest.raises(StaleComputation):
        manage("publish", "2026-1")
    words = ("--accept-stale", "--reason", "会议按原结果通过")
    assert told(capsys, "publish", "2026-1", *words)["status"] == "published"
    shown = told(capsys, "show", str(made["id"]))
    assert shown["counts"]["project"] == {**computed["levels"]}
    files = told(capsys, "export", "2026-1", "--out", str(tmp_path))
    body = (tmp_path / "督查-2026-01-存档.json").read_bytes()
    assert sha256(body).hexdigest() == files["sha256"]
    sheet = load_workbook(BytesIO((tmp_path / "督查-2026-01-旗色明细.xlsx").read_bytes())).active
    rows = [row for row in sheet.iter_rows(values_only=True) if row[0] in (1, 2, 3, 4, 5)]
    assert len(rows) == 5
    assert {row[12] for row in rows} == {"绿", "黄", "红", "无数据"}


def test_refusals_name_what_to_do(sqlite_store):
    build(sqlite_store)
    with pytest.raises(NotFound, match="round list"):
        manage("show", "2026-9")
    with pytest.raises(Invalid, match="2026-09 的样子"):
        manage("create", "--last-month", "九月")
    manage("create")
    with pytest.raises(RoundRefused, match="尚未计算"):
        manage("review", "2026-1")


def test_plain_words_are_printed_without_json(sqlite_store, capsys):
    build(sqlite_store)
    for verb in (("create",), ("compute", "2026-1"), ("show", "2026-1"), ("list",)):
        assert manage(*verb) == 0
    out = capsys.readouterr().out
    assert "已建立：[1] 2026年第1轮" in out
    assert "严重滞后 2" in out
