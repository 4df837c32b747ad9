"""Rates of matters: Σ/Σ against a plain retelling over random rows, none where nothing divides; policies; rules."""

import random
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from core.domain.errors import Invalid, PermissionDenied
from core.domain.matters.rules import DEFAULT, QUANZHOU
from core.domain.terms import MatterKind, MatterStatus
from core.services import matters as service
from core.services.matters import MatterFilter, RateGroup
from db.models import AuditEvent, PolicyTerms, RuleSet
from tests.factories import SYSTEM, make_matter
from tests.support.matters import draft, drive, matter_city

TODAY = date(2026, 11, 22)


def random_matter(rng: random.Random, city: Any) -> dict[str, Any]:
    def day(first: int, last: int) -> date:
        return TODAY - timedelta(days=rng.randint(first, last))

    row: dict[str, Any] = {
        "category": rng.choice(["用地", "资金", ""]),
        "county_id": rng.choice([city.east, city.west, None]),
        "lead_unit_id": rng.choice([city.bureau, city.helper, None]),
        "status": rng.choice(list(MatterStatus)).value,
        "due_on": rng.choice([None, day(-20, 40)]),
        "step_due_on": rng.choice([None, None, day(-20, 40)]),
        "replied_on": rng.choice([None, day(0, 40)]),
        "resolved_on": rng.choice([None, day(0, 20)]),
        "satisfaction": rng.choice(["", "满意", "基本满意", "不满意"]),
        "answer_workdays": rng.choice([None, 0, 3, 7]),
    }
    if row["status"] in ("closed_out", "merged") or rng.random() < 0.2:
        row["closed_on"] = day(0, 10)
    return row


def retold(rows: list[dict[str, Any]]) -> tuple[int, ...]:
    """Count plainly, row by row."""
    totals = [0] * 10
    for row in rows:
        is_open = row.get("closed_on") is None and row["status"] not in ("closed_out", "merged")
        step = row["step_due_on"] or row["due_on"]
        due = row["due_on"] is not None and (row["due_on"] < TODAY or row["replied_on"] is not None)
        in_time = due and row["replied_on"] is not None and row["replied_on"] <= row["due_on"]
        finished = row["resolved_on"] or row.get("closed_on") or row["status"] in ("resolved", "closed_out")
        counted = (
            True,
            is_open,
            is_open and step is not None and step < TODAY,
            due,
            in_time,
            finished,
            row["satisfaction"] != "",
            row["satisfaction"] in ("满意", "基本满意"),
            row["answer_workdays"] is not None,
        )
        for place, test in enumerate(counted):
            totals[place] += bool(test)
        totals[9] += row["answer_workdays"] or 0
    return tuple(totals)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("group", [None, *RateGroup])
def test_rates_equal_a_plain_count_over_random_rows(store, group, seed) -> None:
    city, rng = matter_city(store), random.Random(seed)
    rows = [random_matter(rng, city) for _ in range(120)]
    with store.transaction(SYSTEM) as tx:
        for row in rows:
            make_matter(tx, MatterKind.SUGGESTION, **row)
    counties = {city.east: "东湖区", city.west: "西山县", None: "市级"}
    units = {city.bureau: "市自然资源局", city.helper: "市财政局", None: "未交办"}
    name_of = {
        None: lambda row: "合计",
        RateGroup.UNIT: lambda row: units[row["lead_unit_id"]],
        RateGroup.COUNTY: lambda row: counties[row["county_id"]],
        RateGroup.CATEGORY: lambda row: row["category"] or "未分类",
    }[group]
    expected: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        if row["status"] != "merged":
            expected[name_of(row)].append(row)
    found = service.rates(city.supervisor, MatterFilter(kinds=(MatterKind.SUGGESTION,)), group)
    sums = {one.sums.group: one.sums for one in found}
    counted = {
        name: (
            one.matters, one.open, one.overdue, one.reply_due, one.replied_in_time, one.finished, one.visited,
            one.content, one.answered, one.answer_workdays,
        )
        for name, one in sums.items()
    }  # fmt: skip
    assert counted == {name: retold(own) for name, own in expected.items()}


def test_rates_without_anything_to_divide_by_are_none(store) -> None:
    city = matter_city(store)
    (found,) = service.rates(city.supervisor, MatterFilter())
    assert (found.finished_pct, found.replied_in_time_pct, found.content_pct, found.mean_workdays) == (None,) * 4
    policies = service.policy_rates(city.supervisor, MatterFilter())
    assert (policies.delivered_pct, policies.honoured_pct) == (None, None)


def test_rates_follow_the_scope_and_a_real_life(store) -> None:
    city = matter_city(store)
    key = service.raise_(city.county, draft(city))
    drive(city, key, MatterStatus.CLOSED_OUT)
    (own,) = service.rates(city.county, MatterFilter())
    assert (own.replied_in_time_pct, own.finished_pct, own.content_pct, own.mean_workdays) == (100, 100, 100, 0)
    (foreign,) = service.rates(city.stranger, MatterFilter())
    assert foreign.sums.matters == 0


def test_policy_rates_sum_only_what_is_known_on_both_sides(store) -> None:
    city = matter_city(store)
    terms = [
        {"target_count": 10, "delivered_count": 4, "approved_yuan": 1_000, "honoured_yuan": 250},
        {"target_count": 30, "delivered_count": 16, "approved_yuan": 1_000, "honoured_yuan": None},
        {"target_count": None, "delivered_count": 9, "approved_yuan": None, "honoured_yuan": 77},
    ]
    with store.transaction(SYSTEM) as tx:
        for row in terms:
            tx.insert(PolicyTerms, {"matter_id": make_matter(tx, MatterKind.POLICY), **row})
    found = service.policy_rates(city.supervisor, MatterFilter())
    assert (found.delivered_pct, found.honoured_pct) == (Decimal(50), Decimal(25))


def test_workbook_holds_the_list_as_text_and_is_audited(store) -> None:
    city = matter_city(store)
    service.raise_(city.county, draft(city, "=1+1"))
    file = service.export_list(city.county, "问题清单", MatterFilter(kinds=(MatterKind.PROBLEM,)), "全部")
    sheet = load_workbook(BytesIO(file.content)).active
    texts = [cell.value for row in sheet.iter_rows() for cell in row]
    assert "=1+1" in texts
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    assert file.rows == 1
    with store.read() as connection:
        query = select(AuditEvent.new).where(AuditEvent.action == "export")
        assert '"rows":1' in connection.execute(query).scalar_one()


def test_rules_become_a_version_and_move_only_new_deadlines(store) -> None:
    city = matter_city(store)
    key = service.raise_(city.county, draft(city))
    drive(city, key, MatterStatus.ASSIGNED)
    before = service.read_matter(city.county, key).card.row.state.due_on
    with pytest.raises(PermissionDenied):
        service.save_rules(city.county, QUANZHOU, "按市里规定")
    with pytest.raises(Invalid):
        service.save_rules(city.supervisor, QUANZHOU, " ")
    assert service.read_rules(city.county) == DEFAULT
    assert service.save_rules(city.supervisor, QUANZHOU, "按市里规定") == 1
    assert service.read_rules(city.county) == QUANZHOU
    assert service.read_matter(city.county, key).card.row.state.due_on == before
    other = service.raise_(city.county, draft(city))
    drive(city, other, MatterStatus.ASSIGNED)
    assert service.read_matter(city.county, other).card.row.state.due_on == date(2026, 12, 1)
    assert service.save_rules(city.supervisor, DEFAULT, "恢复原规则") == 2
    with store.read() as connection:
        query = select(RuleSet.number, RuleSet.is_active).where(RuleSet.kind == "matter").order_by(RuleSet.number)
        assert [tuple(row) for row in connection.execute(query)] == [(1, False), (2, True)]
