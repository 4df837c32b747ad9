"""Pasted days of completion: header by names, cells by day, what is refused."""

from datetime import date

from core.domain.start_terms import ProcedureKind as K
from core.importers.readiness_paste import read_readiness


def test_header_names_the_procedures_in_any_order() -> None:
    text = "序号\t项目名称\t能评\t用地办结日期\n1\t学校\t不涉及\t2026-11-20\n2\t医院\t\t2026/3/5\n\n"
    school, hospital = read_readiness(text, 2026)
    assert (school.project, dict(school.days), school.number) == (
        "学校",
        {K.ENERGY: None, K.LAND: date(2026, 11, 20)},
        2,
    )
    assert dict(hospital.days) == {K.LAND: date(2026, 3, 5)}


def test_without_header_the_order_is_that_of_the_matrix() -> None:
    (row,) = read_readiness("学校\t2025-12-01\t\t2026年2月3日", 2026)
    assert dict(row.days) == {K.APPROVAL: date(2025, 12, 1), K.PLANNING: date(2026, 2, 3)}


def test_a_month_and_a_word_are_no_days() -> None:
    (row,) = read_readiness("项目\t用地\t环评\n学校\t2026年3月\t正在办", 2026)
    assert (dict(row.days), row.refused) == ({}, ("用地“2026年3月”", "环评“正在办”"))
    assert read_readiness(" \n", 2026) == []
