"""Tables with a project per column."""

from datetime import date

from tests.unit.importers.ledgers import OPTIONS, codes, ledger, parse, places

FIELDS = ["项目名称", "县区", "总投资（万元）", "2026年计划投资（万元）", "计划开工时间", "责任单位"]


def turned(*projects: list[object]) -> list[list[object]]:
    rows: list[list[object]] = [["2026年市重点项目情况表"], ["单位：万元"]]
    return rows + [[name, *(project[at] for project in projects)] for at, name in enumerate(FIELDS)]


A = ["甲产业园项目", "兰山区", 20000, 5000, "2026年3月", "市工信局"]
B = ["乙污水处理厂工程", "沂水县", "1.2亿元", 3000, "2026年5月", "市住建局"]


def test_turned_table_is_read_and_said() -> None:
    parsed = parse(turned(A, B))
    assert [(row.name, row.county, row.total_investment_yuan) for row in parsed.rows] == [
        ("甲产业园项目", "兰山区", 200_000_000),
        ("乙污水处理厂工程", "沂水县", 120_000_000),
    ]
    assert parsed.rows[1].start_planned_on == date(2026, 5, 1)
    assert [row.year for row in parsed.rows] == [2026, 2026]
    assert codes(parsed) == {"table_turned"}


def test_turned_table_problem_stands_at_the_files_own_cell() -> None:
    parsed = parse(turned(A, ["乙污水处理厂工程", "沂水县", "约2000", 3000, "明年", "市住建局"]))
    assert places(parsed, "approximate_amount") == [("台账", 5, "C 总投资（万元）")]
    assert places(parsed, "bad_date") == [("台账", 7, "C 计划开工时间")]
    assert [(row.row, row.name) for row in parsed.quarantined] == [(3, "乙污水处理厂工程")]


def test_turned_table_column_problem_stands_at_its_heading() -> None:
    rows = turned(A, B)
    rows.append(["天气", "晴", "雨"])
    assert places(parse(rows), "unknown_column") == [("台账", 9, "A 天气")]


def test_turned_table_missing_name_stands_at_the_name_row() -> None:
    parsed = parse(turned(A, [None, "沂水县", 2000, 500, "2026年5月", "市住建局"]))
    assert places(parsed, "missing_name") == [("台账", 3, "C 项目名称")]


def test_upright_table_is_never_turned() -> None:
    assert "table_turned" not in codes(parse(ledger(2), OPTIONS))
    assert "table_turned" not in codes(parse([["项目名称", "总投资（万元）"], ["甲", 100]], OPTIONS))
