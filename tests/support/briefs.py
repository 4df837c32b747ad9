"""A brief with everything on it, and one whose every text is far too long."""

import re
import zlib
from dataclasses import replace
from datetime import date

from core.domain.terms import FlagLevel
from core.exporters.official.brief import BriefNode, BriefProblem, ProjectBrief
from core.exporters.official.sponsor_letter import LetterNode, SponsorLetter
from tests.factories import YI

TODAY = date(2026, 11, 22)
BRIEF = ProjectBrief(
    name="东湖大桥",
    code="ZD-2026-001",
    leader="程立诚、王守正",
    place="东湖区 · 交通会战指挥部",
    unit="市交通运输局",
    kind="交通 · 在建",
    content="全长 2.1 公里，双向六车道。",
    goal="主桥合龙。",
    level=FlagLevel.WARN,
    live=FlagLevel.SEVERE,
    reasons=("投资欠序时 25.0 个百分点", "关键节点“合龙”逾期 21 天"),
    today=TODAY,
    figures_on="10月",
    total_yuan=30 * YI,
    since_start_yuan=12 * YI,
    plan_yuan=12 * YI,
    due_yuan=10 * YI,
    done_yuan=7 * YI,
    plan_curve=tuple(n * YI for n in range(13)),
    done_curve=tuple(n * 7 * YI // 10 for n in range(11)),
    nodes=(
        BriefNode("合龙", date(2026, 11, 1), date(2026, 9, 1), 2, "▲ 逾期 21 天"),
        BriefNode("桥面铺装", date(2026, 12, 20), date(2026, 12, 20), 0, "还有 28 天"),
    ),
    problems=(BriefProblem("南岸用地未批", "市自然资源局", date(2026, 11, 10), "▲ 逾期 12 天"),),
    last_visit_on=date(2026, 10, 10),
    changes=("旗色 ● 绿 → ▲ 黄", "新逾期节点 1 个：合龙"),
    questions=("“南岸用地未批”由市自然资源局办理，已逾期 12 天，卡在哪里？", "质量安全责任是否落实到位？"),
    contacts=(("服务单位", "东湖区发展和改革局"), ("联络员", "未明确")),
)
_LONG = "特别长的名称" * 60
OVERFLOWING = replace(
    BRIEF,
    **dict.fromkeys(("name", "code", "leader", "place", "unit", "kind", "content", "goal"), _LONG),
    reasons=(_LONG,) * 9,
    nodes=(BriefNode(_LONG, date(2026, 12, 20), date(2026, 12, 20), 1234, _LONG),) * 30,
    problems=(BriefProblem(_LONG, _LONG, date(2026, 12, 20), _LONG),) * 30,
    changes=(_LONG,) * 30,
    questions=(_LONG,) * 4,
    contacts=((("服务单位", _LONG), ("联络员", _LONG))),
)
LETTER = SponsorLetter(
    project="东湖大桥",
    code="ZD-2026-001",
    year=2026,
    leader="程立诚（常务副市长）",
    unit="市交通运输局",
    county="东湖区",
    place="东湖区 · 交通会战指挥部",
    total_yuan=30 * YI,
    plan_yuan=12 * YI,
    month_plan_yuan=(YI,) * 12,
    goal="主桥合龙。",
    nodes=(LetterNode("主塔封顶", date(2026, 8, 30), date(2026, 8, 28)), LetterNode("合龙", date(2026, 11, 1), None)),
    visits_per_month=1,
    signed_on=TODAY,
)


def pdf_pages(pdf: bytes) -> int:
    """Return the number of pages, counted in the file's own objects (they may stand in packed streams)."""
    texts = [pdf]
    for match in re.finditer(rb"stream\r?\n", pdf):
        try:
            texts.append(zlib.decompressobj().decompress(pdf[match.end() :]))
        except zlib.error:
            continue
    return sum(len(re.findall(rb"/Type\s*/Page(?![A-Za-z])", text)) for text in texts)
