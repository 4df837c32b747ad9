"""Codes, their texts and the document that lists them."""

import re
from pathlib import Path

import pytest

from core.importers.problems import PROBLEMS, build_problem

DOCUMENT = Path(__file__).parents[3] / "docs" / "imports.md"


def test_problem_codes_are_all_documented_and_no_others() -> None:
    rows = re.findall(r"^\| `(\w+)` \|", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE)
    assert set(rows) == set(PROBLEMS)
    # Two groups with one code would silently overwrite each other.
    assert len(rows) == len(set(rows))


@pytest.mark.parametrize("code", sorted(PROBLEMS))
def test_problem_sentence_is_chinese_and_says_how_to_mend(code: str) -> None:
    text = PROBLEMS[code].text
    assert len(code) <= 32
    assert re.match(r"[\u4e00-\u9fff“{]", text)
    assert text.endswith("。")
    assert text.count("。") + text.count("；") >= 2 or "，未" in text or "未读取" in text


def test_build_problem_shortens_what_it_quotes() -> None:
    problem = build_problem("bad_amount", "表", 3, "F 总投资", value="很" * 50 + "\n长")
    assert problem.message.startswith("“" + "很" * 39 + "…”")
    assert (problem.sheet, problem.row, problem.column, problem.severity.value) == ("表", 3, "F 总投资", "refuse")
