"""A supervision round (督查轮次) as a value: its window of months, the figures of a subject, what may be refused."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date

from core.domain.errors import Problem
from core.domain.period import AsOf, Month
from core.domain.terms import FlagLevel

FLAGGED = (FlagLevel.WARN, FlagLevel.SEVERE)
OVERRIDE_LEVELS = (FlagLevel.OK, FlagLevel.NOTICE, FlagLevel.WARN, FlagLevel.SEVERE)


@dataclass(frozen=True, slots=True)
class RoundWindow:
    """The months a round speaks of, both included, and the day its facts stand at."""

    first_month: Month
    last_month: Month
    cut_off_on: date

    @property
    def as_of(self) -> AsOf:
        """Deadlines are judged at the cut-off, money is counted up to the last month of the round."""
        return AsOf(self.cut_off_on, self.last_month)

    @property
    def label(self) -> str:
        """Return 2026年9—10月, or 2026年10月 for one month."""
        first, last = self.first_month, self.last_month
        return last.label if first == last else f"{first.year}年{first.number}—{last.number}月"


@dataclass(frozen=True, slots=True)
class SubjectFacts:
    """
    Frozen names and figures of one subject; of a county, headquarters or unit they are sums over its projects.

    Attributes:
        due_yuan: 序时 of the year so far by the rules' basis.
        period_done_yuan: Done in the months of the round.
        started: Due and started starts; ``resumed``/``resume_due`` add the continuing projects (开复工率时点口径).
    """

    code: str = ""
    county: str = ""
    headquarters: str = ""
    unit: str = ""
    leader: str = ""
    year_class: str = ""
    category: str = ""
    projects: int = 0
    total_investment_yuan: int = 0
    annual_plan_yuan: int = 0
    due_yuan: int = 0
    ytd_done_yuan: int = 0
    period_done_yuan: int = 0
    started: int = 0
    start_due: int = 0
    resumed: int = 0
    resume_due: int = 0


FACT_NAMES = tuple(field.name for field in fields(SubjectFacts))
_JSON = json.JSONEncoder(ensure_ascii=False)
SUMMED = (
    "projects",
    "total_investment_yuan",
    "annual_plan_yuan",
    "due_yuan",
    "ytd_done_yuan",
    "period_done_yuan",
    "started",
    "start_due",
    "resumed",
    "resume_due",
)


def facts_to_json(facts: SubjectFacts) -> str:
    """Return *facts* as the JSON text kept with a decision."""
    # Not asdict: it copies deeply, which was a tenth of a round's whole computation.
    return _JSON.encode({name: getattr(facts, name) for name in FACT_NAMES})


def facts_from_json(text: str) -> SubjectFacts:
    """Return the facts kept in *text*."""
    return SubjectFacts(**json.loads(text))


def check_window(window: RoundWindow, today: date) -> list[Problem]:
    """Return what is wrong with the months and the cut-off of a new round."""
    problems = []
    if window.first_month > window.last_month:
        problems.append(Problem("first_month", "order", "起始月份不能晚于截止月份，请调整。"))
    if window.first_month.year != window.last_month.year:
        problems.append(Problem("first_month", "one_year", "一轮督查的月份须在同一年内，请按年度分开。"))
    if window.cut_off_on > today:
        problems.append(Problem("cut_off_on", "future", "截止日期不能晚于今天，请改为今天或以前。"))
    if window.cut_off_on < window.last_month.first_day:
        problems.append(Problem("cut_off_on", "early", "截止日期不能早于所督查的月份，请调整。"))
    return problems


def round_title(year: int, number: int, window: RoundWindow) -> str:
    """Return the title offered for a new round."""
    return f"{year}年第{number}轮重点项目督查（{window.label}）"


def headline(number: int, revision: int, levels: Mapping[str, int]) -> str:
    """Return the sentence of the wall's ticker; 提示 is counted with green, as in three-colour bulletins."""
    green = levels.get(FlagLevel.OK, 0) + levels.get(FlagLevel.NOTICE, 0)
    told = "督查结果发布" if revision == 1 else "督查结果更正发布"
    yellow, red = levels.get(FlagLevel.WARN, 0), levels.get(FlagLevel.SEVERE, 0)
    return f"第{number}轮{told}：绿 {green} 黄 {yellow} 红 {red}"
