"""三、存在问题: flagged projects named by what is wrong with them, findings on site, problems past their day."""

from collections import Counter
from collections.abc import Iterator, Sequence

from core.domain.bulletin_texts import BulletinTexts, paragraphs
from core.domain.flag_hits import RuleHit
from core.domain.flag_rules import FlagMeasure
from core.domain.round_snapshot import RoundSnapshot, SnapshotDecision
from core.domain.supervision_terms import ProcessKind, Severity, SubjectKind
from core.exporters.official.blocks import Block, Heading, Paragraph
from core.exporters.official.bulletin.figures import FLAGGED, in_order

NAMED = 20  # more names than these make a paragraph nobody reads; the annex has them all
_OTHER = "连续亮旗等其他情形"
_PROGRESS = "投资进度滞后"
_TITLES = {
    FlagMeasure.LAG_PP.value: _PROGRESS,
    FlagMeasure.RELATIVE_LAG_PCT.value: _PROGRESS,
    FlagMeasure.SCHEDULE_RATIO_PCT.value: _PROGRESS,
    FlagMeasure.START_OVERDUE_MONTHS.value: "未按计划开工",
    FlagMeasure.KEY_MILESTONE_OVERDUE_DAYS.value: "关键节点逾期",
    FlagMeasure.STATISTICS_WAIT_MONTHS.value: "入库入统缓慢",
    FlagMeasure.PROBLEMS_OVERDUE.value: "问题逾期未办结",
    FlagMeasure.PROBLEMS_OVERDUE_ESCALATED.value: "问题逾期未办结",
    FlagMeasure.FUNDS_LAG_PP.value: "资金支付滞后",
    FlagMeasure.REPORTS_MISSING_RUN.value: "数据报送不及时",
    FlagMeasure.REPORTS_LATE.value: "数据报送不及时",
    FlagMeasure.MILESTONE_OVERDUE_DAYS.value: "节点逾期",
    FlagMeasure.SUSPENDED_DAYS.value: "长期停工",
    FlagMeasure.BOND_STEP_LAG_PP.value: "专项债支出滞后",
    FlagMeasure.BOND_LINEAR_LAG_PCT.value: "专项债支出滞后",
    FlagMeasure.FINDINGS_OPEN.value: "督查发现问题未整改",
    FlagMeasure.FINDINGS_SERIOUS.value: "督查发现问题未整改",
    FlagMeasure.FINDINGS_OVERDUE.value: "督查发现问题未整改",
}
_MEASURES = {measure.value: measure.label for measure in FlagMeasure}


def findings(snapshot: RoundSnapshot, texts: BulletinTexts) -> Iterator[Block]:
    """Yield the section."""
    yield Heading(1, "存在问题")
    groups = _by_title(snapshot)
    for title, named in groups.items():
        yield Heading(2, f"{title}（{len(named)}个）")
        yield Paragraph(_sentence(named))
    if not groups:
        yield Paragraph("本轮没有红旗、黄旗项目。")
    yield Paragraph(_problems(snapshot))
    if snapshot.processes:
        yield Paragraph(_processes(snapshot))
    for line in paragraphs(texts.findings):
        yield Paragraph(line)


def _by_title(snapshot: RoundSnapshot) -> dict[str, list[str]]:
    """Return title → named projects, each with its reasons of that title; worst lag first."""
    measures = {rule["code"]: rule["measure"] for rule in snapshot.head.rule_set.get("rules", ())}
    found: dict[str, list[str]] = {}
    for decision in in_order(snapshot.of(SubjectKind.PROJECT, *FLAGGED)):
        mine: dict[str, list[RuleHit]] = {}
        for hit in decision.hits:
            if hit.level in FLAGGED:
                mine.setdefault(_title(measures.get(hit.rule_code, "")), []).append(hit)
        for title, hits in mine.items():
            found.setdefault(title, []).append(_named(decision, hits))
    return found


def _title(measure: str) -> str:
    return _TITLES.get(measure) or _MEASURES.get(measure, _OTHER)


def _named(decision: SnapshotDecision, hits: Sequence[RuleHit]) -> str:
    where = "，".join(part for part in (decision.county, decision.unit) if part)
    why = "、".join(hit.reason for hit in hits)
    return f"{decision.name}（{'，'.join(part for part in (where, why) if part)}）"


def _sentence(named: Sequence[str]) -> str:
    if len(named) > NAMED:
        return f"{'、'.join(named[:NAMED])}等{len(named)}个项目，其余见附件2。"
    return f"{'、'.join(named)}。"


def _problems(snapshot: RoundSnapshot) -> str:
    late = sorted((p for p in snapshot.problems if p.overdue_days > 0), key=lambda p: (-p.overdue_days, p.code))
    escalated = sum(problem.is_escalated for problem in snapshot.problems)
    text = f"问题清单未办结{len(snapshot.problems)}个，其中逾期{len(late)}个、已提级{escalated}个"
    if not late:
        return f"{text}。"
    names = "、".join(f"{p.project}“{p.title}”（逾期{p.overdue_days}天）" for p in late[:NAMED])
    rest = "等" if len(late) > NAMED else ""
    return f"{text}。逾期的有：{names}{rest}。问题清单见附件3。"


def _processes(snapshot: RoundSnapshot) -> str:
    kinds = Counter(fact.kind for fact in snapshot.processes)
    parts = [f"{kind.label}{kinds[kind]}次" for kind in ProcessKind if kinds[kind]]
    bad = [fact for fact in snapshot.processes if fact.severity is not Severity.NONE]
    text = f"本期开展{'、'.join(parts)}，现场发现问题{len(bad)}个"
    if not bad:
        return f"{text}。"
    named = "、".join(f"{fact.subject}（{fact.finding or fact.severity.label}）" for fact in bad[:NAMED])
    return f"{text}：{named}{'等' if len(bad) > NAMED else ''}。"
