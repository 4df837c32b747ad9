"""What the ledger (项目台账) may be asked: filter and order, as plain values."""

from dataclasses import dataclass

from core.domain.headquarters_chain import ChainStep, ProjectSource
from core.domain.terms import FlagLevel, ProjectLevel, Stage, Term, YearClass

NO_HEADQUARTERS = 0


class ProjectSort(Term):
    """Order of the ledger; the worst, the largest or the nearest first."""

    URGENCY = "urgency", "紧急程度"
    NAME = "name", "项目名称（拼音）"
    TOTAL_INVESTMENT = "total", "总投资（大到小）"
    COMPLETION = "completion", "年度完成率（低到高）"
    GAP = "gap", "与序时差（落后在前）"
    NEXT_DUE = "next_due", "下一节点（近到远）"


class Listing(Term):
    """Whether a project is in this year's list (列入年度计划)."""

    LISTED = "listed", "列入本年度"
    NOT_LISTED = "not_listed", "未列入（含调出）"
    ALL = "all", "全部"


@dataclass(frozen=True, slots=True)
class ProjectFilter:
    """
    Which projects of the scope are asked for; an empty tuple or None asks for all.

    Attributes:
        text: Part of the name, of the code or of the national code, or the beginning of the pinyin initials.
        flags: Supervision levels computed live, as of the roll-ups' day.
        record_flags: Levels in the latest published round (督查旗色); nothing matches before the first.
        headquarters_ids: ``NO_HEADQUARTERS`` among them asks for projects that no headquarters owns (未归口).
        measure: Measure code; keeps the projects that count in it (value > 0).
        chain_steps: Present steps of the chain (项目链条).
        sources: Where they came from (项目来源).
    """

    text: str = ""
    county_ids: tuple[int, ...] = ()
    headquarters_ids: tuple[int, ...] = ()
    levels: tuple[ProjectLevel, ...] = ()
    categories: tuple[str, ...] = ()
    stages: tuple[Stage, ...] = ()
    flags: tuple[FlagLevel, ...] = ()
    record_flags: tuple[FlagLevel, ...] = ()
    year_classes: tuple[YearClass, ...] = ()
    measure: str | None = None
    chain_steps: tuple[ChainStep, ...] = ()
    sources: tuple[ProjectSource, ...] = ()
    listing: Listing = Listing.LISTED

    @property
    def key(self) -> str:
        """Stable text of the filter, for cache keys."""
        return repr(self)
