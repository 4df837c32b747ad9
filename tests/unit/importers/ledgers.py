"""Ledger files built in code: a clean base ledger and ways to spoil it."""

from collections.abc import Mapping, Sequence
from io import BytesIO

import xlsxwriter

from core.importers.ledger import parse_ledger
from core.importers.options import ReadOptions
from core.importers.problems import ImportProblem
from core.importers.row import ParsedLedger

YEAR = 2026
OPTIONS = ReadOptions(year=YEAR, counties=frozenset({"兰山区", "罗庄区", "沂水县"}))
HEADER = [
    "序号", "项目代码", "项目名称", "县区", "建设规模及内容", "年度类别", "行业类别", "建设起止年限",
    "总投资（万元）", "2026年计划投资（万元）", "本月完成（万元）", "1-8月累计完成（万元）", "完成年度计划%",
    "计划开工时间", "计划竣工时间", "责任单位", "包保领导",
]  # fmt: skip
NAME, CODE, COUNTY, TOTAL, PLAN, MONTH, YTD, RATE, START, FINISH, UNIT, LEADERS = (
    2,
    1,
    3,
    8,
    9,
    10,
    11,
    12,
    13,
    14,
    15,
    16,
)
FIRST_ROW = 4  # Excel row of the first project


def project(number: int) -> list[object]:
    """Return a clean project row whose amounts agree with one another."""
    total = 20_000 + number * 100
    plan = total // 4
    ytd = plan // 2
    return [
        number, f"2604-371302-04-01-{number:06d}", f"第{number}号智能装备产业园", "兰山区", "新建厂房3万平方米",
        "续建", "工业", "2025.3-2027.12", total, plan, ytd // 8, ytd, round(ytd * 100 / plan, 1), "2025年3月",
        "2027年12月", "市工信局", "张三、李四",
    ]  # fmt: skip


def ledger(count: int = 8) -> list[list[object]]:
    """Return title, blank, header and *count* clean projects."""
    return [["2026年市重点项目调度表"], [], list(HEADER), *(project(number) for number in range(1, count + 1))]


def xlsx(
    rows: Sequence[Sequence[object]],
    *,
    sheet: str = "台账",
    merges: Sequence[tuple[int, int, int, int]] = (),
    hidden_rows: Sequence[int] = (),
    others: Mapping[str, Sequence[Sequence[object]]] | None = None,
) -> bytes:
    """Return a workbook; *merges* and *hidden_rows* are 0-based, merged values stand in *rows*; *others* by name."""
    target = BytesIO()
    book = xlsxwriter.Workbook(target, {"strings_to_formulas": False, "strings_to_urls": False})
    page = book.add_worksheet(sheet)
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            if value is not None and value != "":
                page.write(r, c, value)
    for row1, column1, row2, column2 in merges:
        value = rows[row1][column1] if column1 < len(rows[row1]) else ""
        page.merge_range(row1, column1, row2, column2, value)
    for row in hidden_rows:
        page.set_row(row, None, None, {"hidden": True})
    for name, lines in (others or {}).items():
        other = book.add_worksheet(name)
        for r, line in enumerate(lines):
            other.write_row(r, 0, line)
    book.close()
    return target.getvalue()


def parse(rows: Sequence[Sequence[object]], options: ReadOptions = OPTIONS, **how: object) -> ParsedLedger:
    """Return what the importer makes of *rows* in a workbook."""
    return parse_ledger(xlsx(rows, **how), "台账.xlsx", options)  # type: ignore[arg-type]


def places(parsed: ParsedLedger, code: str) -> list[tuple[str, int, str]]:
    """Return (sheet, row, column) of each problem with *code*."""
    return [(problem.sheet, problem.row, problem.column) for problem in parsed.problems if problem.code == code]


def codes(parsed: ParsedLedger) -> set[str]:
    return {problem.code for problem in parsed.problems}


def only(parsed: ParsedLedger) -> ImportProblem:
    """Return the single problem of *parsed*."""
    assert len(parsed.problems) == 1, parsed.problems
    return parsed.problems[0]
