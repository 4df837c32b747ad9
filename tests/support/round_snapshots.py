"""A published round of an invented city: 14 counties, 60 projects, every level, overrides, problems."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random

from core.domain.flag_codec import rule_set_to_dict
from core.domain.flag_hits import RuleHit
from core.domain.flag_rule_sets import DEFAULT_RULE_SET
from core.domain.round_snapshot import (
    GroupFigures,
    RoundHead,
    RoundSnapshot,
    SnapshotDecision,
    SnapshotOverride,
    SnapshotProblem,
    SnapshotProcess,
)
from core.domain.supervision_terms import ProcessKind, Severity, SubjectKind
from core.domain.terms import FlagLevel

COUNTIES = (
    *("北固县", "安澜县", "宁江区", "青屏县", "双桥区", "临湖县", "望岳县"),
    *("平川区", "石门县", "兰溪县", "云台县", "东港区", "高新区", "经开区"),
)
HEADQUARTERS = ("高铁新城指挥部", "生态水城指挥部", "产业集群指挥部")
UNITS = ("市住建局", "市水利局", "市交通局", "市城投集团", "市工信局", "市教育局")
LEADERS = ("王强", "李梅", "赵建国、孙丽", "周海", "吴敏")
KINDS = ("污水处理厂扩建", "滨河大道", "智能装备产业园", "人民医院二期", "城乡供水一体化", "第九中学新校区")
TEN_THOUSAND = 10_000


def make_snapshot(projects: int = 60, seed: int = 5) -> RoundSnapshot:
    """Return the published round."""
    random = Random(seed)
    decisions = tuple(_decision(random, number) for number in range(1, projects + 1))
    decisions = _with_override(decisions)
    groups = tuple(
        _group(kind, number, name, tuple(d for d in decisions if getattr(d, kind) == name))
        for kind, names in (("county", COUNTIES), ("headquarters", HEADQUARTERS))
        for number, name in enumerate(names, start=1)
    )
    counties = tuple(_county_decision(number, group) for number, group in enumerate(groups[: len(COUNTIES)], start=1))
    return RoundSnapshot(
        head=_head(),
        city=_group("city", 0, "全市", decisions),
        groups=groups,
        decisions=(*decisions, *counties),
        overrides=_overrides(decisions),
        problems=_problems(random, decisions),
        processes=(
            SnapshotProcess(
                ProcessKind.PATROL, decisions[0].name, date(2026, 10, 20), "督查一组", "围挡缺失", Severity.MINOR, 3
            ),
            SnapshotProcess(
                ProcessKind.INSPECTION, decisions[1].name, date(2026, 10, 21), "督查二组", "", Severity.NONE, 2
            ),
            SnapshotProcess(ProcessKind.MEETING, "全市", date(2026, 10, 28), "市领导", "", Severity.NONE, 0),
        ),
        closed_out=7,
    )


def empty_snapshot() -> RoundSnapshot:
    """Return a round of a city without projects."""
    return RoundSnapshot(_head(), _group("city", 0, "全市", ()), (), (), (), (), (), 0)


def _head() -> RoundHead:
    return RoundHead(
        year=2026,
        number=5,
        revision=1,
        title="2026年第5轮督查",
        first_month="2026-09",
        last_month="2026-10",
        cut_off_on=date(2026, 10, 31),
        created_by="周岚",
        reviewed_by="钱坤",
        published_by="王副市长",
        published_at=datetime(2026, 11, 5, 1, 30, tzinfo=UTC),
        rule_set=rule_set_to_dict(DEFAULT_RULE_SET),
        data_seq=4021,
        code_version="0.4.0",
    )


def _decision(random: Random, number: int) -> SnapshotDecision:
    plan = random.randrange(2_000, 90_000) * TEN_THOUSAND if number % 17 else 0
    due = plan * 10 // 12
    share = random.choice((40, 55, 66, 74, 80, 84, 90, 96, 104))
    done = plan * share // 100 + random.randrange(9_999)
    gap = None if not plan else int((done - due) * 100_000 / plan)
    level, hits = _judge(gap)
    previous = random.choice((None, FlagLevel.OK, FlagLevel.NOTICE, FlagLevel.WARN, FlagLevel.SEVERE, level, level))
    flagged = level in (FlagLevel.WARN, FlagLevel.SEVERE)
    return SnapshotDecision(
        kind=SubjectKind.PROJECT,
        id=number,
        code=f"YL-{number:03d}",
        name=f"{COUNTIES[number % 14][:2]}{KINDS[number % 6]}{'（二期）' if number % 9 == 0 else ''}",
        county=COUNTIES[number % 14],
        headquarters=HEADQUARTERS[number % 3],
        unit=UNITS[number % 6],
        leader=LEADERS[number % 5],
        year_class="continuing" if number % 3 else "new_start",
        total_investment_yuan=plan * 3 + 50_000 * TEN_THOUSAND,
        annual_plan_yuan=plan,
        due_yuan=due,
        ytd_done_yuan=done,
        period_done_yuan=done // 5,
        gap_milli_pp=gap,
        rule_level=level,
        computed_level=level,
        level=level,
        previous_level=previous,
        streak=random.randrange(1, 4) if flagged else 0,
        hits=hits,
    )


def _judge(gap: int | None) -> tuple[FlagLevel, tuple[RuleHit, ...]]:
    if gap is None:
        return FlagLevel.NO_DATA, (RuleHit("NO-PLAN", None, None, FlagLevel.NO_DATA, "没有年度计划"),)
    rungs = (("PRG-03", 20, FlagLevel.SEVERE), ("PRG-02", 10, FlagLevel.WARN), ("PRG-01", 0, FlagLevel.NOTICE))
    for code, threshold, level in rungs:
        if -gap > threshold * 1000:
            measured = Decimal(-gap).scaleb(-3)
            reason = f"投资欠序时 {measured:.1f} 个百分点"
            return level, (RuleHit(code, measured, Decimal(threshold), level, reason, "report:2026-10"),)
    return FlagLevel.OK, ()


def _with_override(decisions: tuple[SnapshotDecision, ...]) -> tuple[SnapshotDecision, ...]:
    first = next(d for d in decisions if d.level is FlagLevel.SEVERE)
    return tuple(replace(d, level=FlagLevel.WARN) if d is first else d for d in decisions)


def _overrides(decisions: tuple[SnapshotDecision, ...]) -> tuple[SnapshotOverride, ...]:
    return tuple(
        SnapshotOverride(
            d.kind,
            d.id,
            d.name,
            "level",
            d.computed_level,
            d.level,
            "汛期停工，已报批",
            "云督〔2026〕5号",
            "周岚",
            "钱坤",
        )
        for d in decisions
        if d.level is not d.computed_level
    )


def _county_decision(number: int, group: GroupFigures) -> SnapshotDecision:
    level = FlagLevel.SEVERE if number == 3 else FlagLevel.OK
    return SnapshotDecision(
        SubjectKind.COUNTY, number, "", group.name, group.name, "", "", "", "", group.total_investment_yuan,
        group.annual_plan_yuan, group.due_yuan, group.done_yuan, group.period_done_yuan, None, level, level, level,
        None, 1 if number == 3 else 0,
        (RuleHit("CTY-01", Decimal(3), Decimal(2), level, "红旗项目 3 个"),) if number == 3 else (),
    )  # fmt: skip


def _group(kind: str, number: int, name: str, rows: tuple[SnapshotDecision, ...]) -> GroupFigures:
    new = [row for row in rows if row.year_class == "new_start"]
    started = sum(row.ytd_done_yuan > 0 for row in new)
    return GroupFigures(
        kind=kind,
        id=number,
        name=name,
        projects=len(rows),
        total_investment_yuan=sum(row.total_investment_yuan for row in rows),
        annual_plan_yuan=sum(row.annual_plan_yuan for row in rows),
        due_yuan=sum(row.due_yuan for row in rows),
        done_yuan=sum(row.ytd_done_yuan for row in rows),
        period_done_yuan=sum(row.period_done_yuan for row in rows),
        started=max(0, started - 1),
        start_due=len(new),
        resumed=max(0, started - 1) + len(rows) - len(new),
        resume_due=len(rows),
        levels=dict(Counter(row.level.value for row in rows)),
        previous_levels=dict(Counter(row.previous_level.value for row in rows if row.previous_level)),
    )


def _problems(random: Random, decisions: tuple[SnapshotDecision, ...]) -> tuple[SnapshotProblem, ...]:
    found = []
    for number, row in enumerate(decisions[::4], start=1):
        overdue = random.choice((0, 0, 6, 19))
        due_on = date(2026, 10, 31) - timedelta(days=overdue) if overdue else date(2026, 11, 20)
        title = random.choice(("征地拆迁未完成", "管线迁改未完成", "资金未到位", "林地手续未办结"))
        found.append(
            SnapshotProblem(f"P-{number:03d}", title, row.name, row.county, row.unit, due_on, overdue, overdue > 10)
        )
    return tuple(found)
