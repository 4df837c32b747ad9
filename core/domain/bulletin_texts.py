"""The words of a bulletin (督查通报) that an office writes itself; figures come from the snapshot alone."""

import json
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from typing import Any

from core.domain.errors import Invalid, Problem
from core.domain.flag_schemes import DEFAULT_SCHEME, SCHEMES, Scheme
from core.domain.period import Month
from core.domain.round_snapshot import RoundHead, RoundSnapshot
from core.domain.terms import FlagLevel
from core.domain.units import Rounding

MAX_LINE = 200
MAX_TEXT = 4000
MAX_COPIES = 9999
_GREENS_IN_BODY = 30
_LINES = ("mark", "organ", "title", "addressees", "printer")
_LABELS = {
    "mark": "版头标志",
    "organ": "发文机关",
    "title": "标题",
    "addressees": "主送机关",
    "opening": "缘由",
    "findings": "补充问题",
    "requirements": "下步要求",
    "copies": "抄送机关",
    "printer": "印发机关",
}
_NEEDED = ("mark", "organ", "title", "addressees", "opening", "requirements", "printer")
_ORDINALS = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十")


@dataclass(frozen=True, slots=True)
class BulletinTexts:
    """
    What the office decides about a bulletin.

    Attributes:
        mark: Red words of the letterhead.
        organ: 署名, and who issues it.
        title: A line break keeps the printed lines symmetric.
        opening: 缘由; one paragraph per line.
        findings: Paragraphs added to the generated findings; one per line.
        requirements: One requirement per line; 一是, 二是 … is put before each.
        copies: 抄送, or the office's own 报、送 wording.
        signed_on: 成文日期.
        count: 共印N份; 0 = not said.
        rounding: One mode for the whole bulletin.
        scheme: Code of the colours.
        low_first: Whether the ranking begins with the worst.
        lists_green: Whether green projects stand in the body (they always stand in the annex).
    """

    mark: str
    organ: str
    title: str
    addressees: str
    opening: str
    findings: str
    requirements: str
    copies: str
    printer: str
    signed_on: date
    count: int = 0
    rounding: Rounding = Rounding.HALF_UP
    scheme: str = DEFAULT_SCHEME.code
    low_first: bool = False
    lists_green: bool = True

    @property
    def colours(self) -> Scheme:
        """The scheme of colours and words."""
        return next(scheme for scheme in SCHEMES if scheme.code == self.scheme)

    def requirement_lines(self) -> tuple[tuple[str, str], ...]:
        """Return (``一是``, text) of each requirement; a single one has no ordinal."""
        lines = paragraphs(self.requirements)
        if len(lines) == 1:
            return (("", lines[0]),)
        return tuple((f"{_ordinal(number)}是", line) for number, line in enumerate(lines))


def _ordinal(number: int) -> str:
    return _ORDINALS[number] if number < len(_ORDINALS) else f"第{number + 1}"


def paragraphs(text: str) -> tuple[str, ...]:
    """Return the lines of *text* that say something."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def period_label(head: RoundHead) -> str:
    """Return the months of the round: ``2026年9—10月``, ``2026年9月``, ``2025年12月—2026年1月``."""
    first, last = Month.parse(head.first_month), Month.parse(head.last_month)
    if first == last:
        return first.label
    if first.year == last.year:
        return f"{first.year}年{first.number}—{last.number}月"
    return f"{first.label}—{last.label}"


def default_texts(snapshot: RoundSnapshot, city_name: str, signed_on: date) -> BulletinTexts:
    """Return the words an office may use as they are, or change."""
    head = snapshot.head
    office = f"{city_name}重大项目督查办公室"
    cut_off = f"{head.cut_off_on.year}年{head.cut_off_on.month}月{head.cut_off_on.day}日"
    reds = snapshot.city.levels.get(FlagLevel.SEVERE.value, 0)
    greens = sum(snapshot.city.levels.get(level.value, 0) for level in (FlagLevel.OK, FlagLevel.NOTICE))
    requirements = (
        "压实责任。各责任单位主要负责同志要对亮旗项目逐个会商，倒排工期、挂图作战，把欠下的进度补回来。",
        "限期整改。红旗、黄旗项目责任单位自本通报印发之日起5个工作日内报送整改方案，明确时限、措施和责任人，整改完成后申请销号。",
        "强化保障。要素保障部门要主动对接，集中解决用地、资金、征拆等制约问题，逾期问题提级督办。",
        "严实数据。各县区要如实填报、及时入统，对虚报、迟报、漏报的，予以通报并核减。",
    )
    return BulletinTexts(
        mark=f"{city_name}重大项目督查通报",
        organ=office,
        title=f"关于{period_label(head)}重点项目\n红黄绿旗督查情况的通报",
        addressees="各县（市、区）人民政府，各分指挥部，市直有关单位",
        opening=(
            f"根据“挂图作战”工作安排，{office}对全市重点项目{period_label(head)}推进情况开展了第{head.number}轮督查，"
            f"数据截至{cut_off}。现将有关情况通报如下。"
        ),
        findings="",
        requirements="\n".join(requirements if reds else requirements[:1] + requirements[2:]),
        copies="",
        printer=office,
        signed_on=signed_on,
        lists_green=greens <= _GREENS_IN_BODY,
    )


def texts_to_json(texts: BulletinTexts) -> str:
    """Return *texts* as JSON text."""
    row = {**asdict(texts), "signed_on": texts.signed_on.isoformat(), "rounding": texts.rounding.value}
    return json.dumps(row, ensure_ascii=False, sort_keys=True)


def texts_from_json(text: str, defaults: BulletinTexts) -> BulletinTexts:
    """Return the texts kept in *text*; what an older row does not hold is taken from *defaults*."""
    row: dict[str, Any] = json.loads(text)
    known = {field.name for field in fields(BulletinTexts)}
    found = {name: value for name, value in row.items() if name in known}
    if "signed_on" in found:
        found["signed_on"] = date.fromisoformat(found["signed_on"])
    if "rounding" in found:
        found["rounding"] = Rounding(found["rounding"])
    return replace(defaults, **found)


def check(texts: BulletinTexts, issue_no: int) -> None:
    """
    Stop unless the texts can be printed.

    Raises:
        Invalid: Listing every empty or overlong text and every impossible number.
    """
    problems = [_needed(name) for name in _NEEDED if not getattr(texts, name).strip()]
    for name, label in _LABELS.items():
        most = MAX_LINE if name in _LINES else MAX_TEXT
        if len(getattr(texts, name)) > most:
            problems.append(Problem(name, "too_long", f"{label}最多 {most} 个字，请精简。"))
    if not 1 <= issue_no <= MAX_COPIES:
        problems.append(Problem("issue_no", "issue_no", "期号应为 1 至 9999 的整数。"))
    if not 0 <= texts.count <= MAX_COPIES:
        problems.append(Problem("count", "count", "印数应为 0 至 9999 的整数；不写印数填 0。"))
    if texts.scheme not in {scheme.code for scheme in SCHEMES}:
        problems.append(Problem("scheme", "scheme", "旗色方案不认识，请从列表中选择。"))
    if problems:
        raise Invalid(problems)


def _needed(name: str) -> Problem:
    return Problem(name, "required", f"{_LABELS[name]}不能为空，请填写。")
