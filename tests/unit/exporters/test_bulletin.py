"""The bulletin against its snapshot: every number recomputed in another way, order, words, other cities."""

import re
from dataclasses import replace
from datetime import date
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

import pytest

from core.domain.bulletin_texts import (
    check,
    default_texts,
    period_label,
    texts_from_json,
    texts_to_json,
)
from core.domain.errors import Invalid
from core.domain.flag_schemes import FOUR_COLOURS
from core.domain.supervision_terms import SubjectKind
from core.domain.terms import FlagLevel
from core.domain.units import Rounding
from core.exporters.official.blocks import Annex, Heading, Paragraph, Table
from core.exporters.official.bulletin import bulletin_blocks
from core.exporters.official.bulletin.figures import Figures, Sums
from core.exporters.official.bulletin.flags import movement_sentence
from core.exporters.official.bulletin.tables import ranked
from core.exporters.official.charts import draw_charts
from core.exporters.official.plain import plain_text
from tests.support.round_snapshots import empty_snapshot, make_snapshot

SNAPSHOT = make_snapshot()
TEXTS = default_texts(SNAPSHOT, "云岭市", date(2026, 11, 6))
BLOCKS = bulletin_blocks(SNAPSHOT, TEXTS, 5)
YI, WAN = Decimal(10**8), Decimal(10**4)


def shown(value: Decimal, places: str, rounding: str = ROUND_HALF_UP) -> str:
    return f"{value.quantize(Decimal(places), rounding):,}"


def table(caption: str, blocks=BLOCKS) -> Table:
    return next(b for b in blocks if isinstance(b, Table) and b.caption == caption)


def annex(number: int) -> Table:
    places = [n for n, block in enumerate(BLOCKS) if isinstance(block, Annex)]
    found = BLOCKS[places[number - 1] + 1]
    assert isinstance(found, Table)
    return found


def projects(*levels: FlagLevel):
    return [d for d in SNAPSHOT.decisions if d.kind is SubjectKind.PROJECT and (not levels or d.level in levels)]


def money(rows) -> tuple[str, str, str, str]:
    """Plan, done, rate, gap as printed, from integers by decimal arithmetic."""
    plan = Decimal(sum(d.annual_plan_yuan for d in rows))
    done = Decimal(sum(d.ytd_done_yuan for d in rows))
    due = Decimal(sum(d.due_yuan for d in rows))
    if not plan:
        return shown(plan / WAN, "1"), shown(done / WAN, "1"), "—", "—"
    gap = (done - due) / plan * 100
    sign = "+" if gap.quantize(Decimal("0.1"), ROUND_HALF_UP) > 0 else ""
    return (
        shown(plan / WAN, "1"),
        shown(done / WAN, "1"),
        f"{shown(done / plan * 100, '0.1')}%",
        f"{sign}{shown(gap, '0.1')}",
    )


def test_sections_stand_in_the_order_of_a_bulletin():
    assert [b.text for b in BLOCKS if isinstance(b, Heading) and b.level == 1] == [
        "总体情况",
        "亮旗情况",
        "存在问题",
        "下步要求",
    ]
    assert [(b.title, b.landscape) for b in BLOCKS if isinstance(b, Annex)] == [
        ("各县区投资完成率排名表", False),
        ("督查项目明细表", True),
        ("未办结问题清单", True),
    ]


def test_counties_and_city_are_recomputed_from_their_projects():
    found = table("各县区投资完成情况")
    assert len(found.rows) == 14
    for row, chosen in [(found.total, projects())] + [
        (row, [d for d in projects() if d.county == row[1]]) for row in found.rows
    ]:
        total = sum(d.total_investment_yuan for d in chosen)
        plan = sum(d.annual_plan_yuan for d in chosen)
        done = sum(d.ytd_done_yuan for d in chosen)
        new = sum(d.period_done_yuan for d in chosen)
        rate, gap = money(chosen)[2:]
        expected = (
            str(len(chosen)),
            shown(total / YI, "0.01"),
            shown(plan / YI, "0.01"),
            shown(done / YI, "0.01"),
            rate,
            gap,
            shown(new / YI, "0.01"),
        )
        assert row[2:] == expected
    assert found.total[1] == "全市"


@pytest.mark.parametrize(("caption", "levels"), [("红旗项目", (FlagLevel.SEVERE,)), ("黄旗项目", (FlagLevel.WARN,))])
def test_flagged_projects_are_all_there_with_their_figures(caption, levels):
    found, chosen = table(caption), projects(*levels)
    by_name = {(d.name, d.unit, str(d.streak)): d for d in chosen}
    assert len(found.rows) == len(chosen) == len(by_name)
    gaps = []
    for row in found.rows:
        decision = by_name[row[1], row[2], row[10]]
        assert row[3] == decision.leader
        assert row[4:8] == money([decision])
        assert row[8] == "；".join(hit.reason for hit in decision.hits)
        gaps.append(decision.gap_milli_pp)
    assert gaps == sorted(gaps)
    assert found.total[1] == f"合计（{len(chosen)}个）"
    assert found.total[4:8] == money(chosen)


def test_opening_paragraph_says_the_sums_of_the_city():
    text = next(b.text for b in BLOCKS if isinstance(b, Paragraph) and b.text.startswith("本轮纳入"))
    plan, due, done = (
        Decimal(sum(getattr(d, name) for d in projects())) for name in ("annual_plan_yuan", "due_yuan", "ytd_done_yuan")
    )
    assert re.findall(r"[\d,.]+", text) == [
        "60",
        shown(sum(d.total_investment_yuan for d in projects()) / YI, "0.01"),
        shown(plan / YI, "0.01"),
        "10",
        shown(done / YI, "0.01"),
        shown(done / plan * 100, "0.1"),
        shown((due - done) / plan * 100, "0.1"),
        "2026",
        "9",
        "10",
        shown(sum(d.period_done_yuan for d in projects()) / YI, "0.01"),
    ]
    assert "欠序时进度" in text


def test_movements_are_counted_against_the_round_before():
    order = [FlagLevel.OK, FlagLevel.NOTICE, FlagLevel.WARN, FlagLevel.SEVERE]
    moves = [
        (order.index(d.level), order.index(d.previous_level) if d.previous_level else None)
        for d in projects()
        if d.level in order
    ]
    better = sum(before is not None and now < before for now, before in moves)
    worse = sum(before is not None and now > before for now, before in moves)
    same = sum(now == before for now, before in moves)
    first = sum(before is None for _, before in moves)
    again = sum(d.streak >= 2 and d.level in order[2:] for d in projects())
    assert [int(n) for n in re.findall(r"\d+", movement_sentence(projects()))] == [better, worse, same, first, again]
    assert better + worse + same + first == len(moves)


def test_ranking_shares_places_and_can_begin_with_the_worst():
    groups = SNAPSHOT.groups_of("county")
    tied = (
        *groups,
        replace(groups[0], id=98, name="同分县"),
        replace(groups[0], id=99, name="无计划", annual_plan_yuan=0),
    )
    high = ranked(tied, low_first=False)
    assert [place for place, _ in high][-1] is None
    assert high[-1][1].name == "无计划"
    places = {group.name: place for place, group in high}
    assert places["同分县"] == places[groups[0].name]
    rates = [group.done_yuan / group.annual_plan_yuan for place, group in high if place]
    assert rates == sorted(rates, reverse=True)
    low = ranked(tied, low_first=True)
    assert low[0][0] == max(place for place, _ in high if place)
    assert low[-1][1].name == "无计划"


def test_annexes_list_every_project_and_problem():
    details = annex(2)
    assert [row[1] for row in details.rows] != sorted(row[1] for row in details.rows)
    assert sorted(row[1] for row in details.rows) == [d.code for d in projects()]
    assert details.total[7:12] == (
        *money(projects())[:2],
        shown(sum(d.period_done_yuan for d in projects()) / WAN, "1"),
        *money(projects())[2:],
    )
    assert [int(row[7]) for row in annex(3).rows if row[7] != "—"] == sorted(
        (p.overdue_days for p in SNAPSHOT.problems if p.overdue_days), reverse=True
    )
    assert len(annex(3).rows) == len(SNAPSHOT.problems)


def test_override_is_printed_with_both_levels_reason_and_persons():
    (row,) = table("旗色人工调整情况").rows
    (item,) = SNAPSHOT.overrides
    assert row == ("1", item.name, "■红", "▲黄", "汛期停工，已报批", "云督〔2026〕5号", "周岚", "钱坤")


def test_one_rounding_mode_for_the_whole_bulletin():
    cut = bulletin_blocks(SNAPSHOT, replace(TEXTS, rounding=Rounding.TRUNCATE), 5)
    plan = Decimal(sum(d.annual_plan_yuan for d in projects()))
    done = Decimal(sum(d.ytd_done_yuan for d in projects()))
    assert table("各县区投资完成情况", cut).total[6] == f"{shown(done / plan * 100, '0.1', ROUND_DOWN)}%"
    figures = Figures(Rounding.TRUNCATE, TEXTS.colours)
    assert (figures.share(69, 90), Figures(Rounding.HALF_UP, TEXTS.colours).share(69, 90)) == ("76.6%", "76.7%")


@pytest.mark.parametrize(
    ("sums", "words"),
    [
        (Sums(100, 50, 62), "超序时进度12.0个百分点"),
        (Sums(100, 50, 38), "欠序时进度12.0个百分点"),
        (Sums(100_000, 50_000, 50_049), "与序时进度持平"),
        (Sums(0, 0, 7), "没有年度计划，不计序时进度"),
    ],
)
def test_gap_is_worded_by_its_side(sums, words):
    assert Figures(Rounding.HALF_UP, TEXTS.colours).gap_words(sums) == words


def test_four_colours_give_blue_a_table_of_its_own():
    texts = replace(TEXTS, scheme=FOUR_COLOURS.code, lists_green=True)
    blocks = bulletin_blocks(SNAPSHOT, texts, 5)
    assert len(table("蓝旗项目", blocks).rows) == len(projects(FlagLevel.NOTICE))
    assert len(table("绿旗项目", blocks).rows) == len(projects(FlagLevel.OK))


def test_city_without_projects_prints_dashes_and_no_zero_rates():
    snapshot = empty_snapshot()
    text = plain_text(bulletin_blocks(snapshot, default_texts(snapshot, "云岭市", date(2026, 11, 6)), 1))
    assert "完成年度计划的—，没有年度计划，不计序时进度" in text
    assert "开工率—" in text
    assert "0.0%" not in text
    assert "本轮没有红旗、黄旗项目。" in text


def test_long_round_prints_a_thousand_rows_and_points_to_the_workbook():
    snapshot = make_snapshot(1200)
    blocks = bulletin_blocks(snapshot, default_texts(snapshot, "云岭市", date(2026, 11, 6)), 1)
    assert max(len(b.rows) for b in blocks if isinstance(b, Table)) == 1000
    assert "表内列出前1000个，其余200个见电子附件。" in plain_text(blocks)


def test_correction_says_so_in_its_number():
    again = replace(SNAPSHOT, head=replace(SNAPSHOT.head, revision=2))
    assert plain_text(bulletin_blocks(again, TEXTS, 6)).splitlines()[1] == "第6期（更正）"


@pytest.mark.parametrize(
    ("first", "last", "label"),
    [
        ("2026-09", "2026-10", "2026年9—10月"),
        ("2026-10", "2026-10", "2026年10月"),
        ("2025-12", "2026-01", "2025年12月—2026年1月"),
    ],
)
def test_period_is_named_across_a_year_end(first, last, label):
    assert period_label(replace(SNAPSHOT.head, first_month=first, last_month=last)) == label


def test_texts_come_back_and_an_older_row_takes_defaults():
    mine = replace(TEXTS, count=30, rounding=Rounding.TRUNCATE, low_first=True, findings="甲\n乙")
    assert texts_from_json(texts_to_json(mine), TEXTS) == mine
    assert texts_from_json('{"organ": "市督查室", "gone": 1}', TEXTS) == replace(TEXTS, organ="市督查室")


def test_single_requirement_has_no_ordinal():
    assert replace(TEXTS, requirements="抓落实。\n\n").requirement_lines() == (("", "抓落实。"),)
    assert [lead for lead, _ in TEXTS.requirement_lines()] == ["一是", "二是", "三是", "四是"]


def test_unknown_scheme_is_refused():
    with pytest.raises(Invalid, match="旗色方案"):
        check(replace(TEXTS, scheme="rainbow"), 1)


def test_first_round_is_not_compared_with_anything():
    first = replace(SNAPSHOT, city=replace(SNAPSHOT.city, previous_levels={}))
    text = plain_text(bulletin_blocks(first, TEXTS, 1))
    assert "红旗8个、黄旗8个" in text
    assert "与上轮相比" not in text
    assert len(draw_charts(first, TEXTS.colours)) == 2
    assert "与上轮相比" in plain_text(BLOCKS)


def test_projects_that_are_not_judged_are_named_in_the_annex_only():
    decisions = tuple(replace(d, level=FlagLevel.EXEMPT) if d.id == 1 else d for d in SNAPSHOT.decisions)
    blocks = bulletin_blocks(replace(SNAPSHOT, decisions=decisions), TEXTS, 1)
    assert "（四）不评项目（1个）\n名单见附件2。" in plain_text(blocks).replace("（五）", "（四）")
    assert "不评项目" not in [block.caption for block in blocks if isinstance(block, Table)]
