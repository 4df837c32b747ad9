"""``manage.py bulletin``: the three files, their digests, and what is refused."""

import json
from hashlib import sha256

import pytest

from core.commands import build_parser
from core.domain.errors import NotFound
from core.services import bulletins
from tests.support import round_city
from tests.support.round_city import SUPERVISOR


def manage(*words: str) -> int:
    arguments = build_parser().parse_args(["bulletin", *words])
    return arguments.handler(arguments)


@pytest.mark.parametrize(("ending", "verb"), [("docx", "docx"), ("pdf", "pdf"), ("xlsx", "workbook")])
def test_bulletin_is_written_as_the_screen_hands_it_out(sqlite_store, tmp_path, capsys, ending, verb):
    round_city.build(sqlite_store)
    key = round_city.published()
    path = tmp_path / f"b.{ending}"
    assert manage("2026-1", "--format", ending, "--output", str(path), "--json") == 0
    told = json.loads(capsys.readouterr().out)
    content = getattr(bulletins, verb)(SUPERVISOR, key).content
    assert path.read_bytes() == content
    assert told == {
        "round": key,
        "format": ending,
        "file": str(path),
        "bytes": len(content),
        "sha256": sha256(content).hexdigest(),
    }


def test_draft_is_refused(sqlite_store):
    round_city.build(sqlite_store)
    round_city.draft()
    with pytest.raises(NotFound, match="没有已发布的轮次“2026-1”"):
        manage("2026-1")


def test_place_that_cannot_be_written_is_named(sqlite_store, tmp_path, capsys):
    round_city.build(sqlite_store)
    round_city.published()
    assert manage("2026-1", "--output", str(tmp_path / "none" / "b.docx")) == 1
    assert "不能写入" in capsys.readouterr().err
