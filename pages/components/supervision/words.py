"""How the screens of supervision word levels, movements and reasons; plain values, nothing is drawn here."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

from core.domain.flag_hits import RuleHit
from core.domain.flag_rules import LEVEL_RANK
from core.domain.flag_schemes import DEFAULT_SCHEME
from core.domain.terms import FlagLevel
from core.domain.units import NOTHING
from core.services.rounds import RoundRow
from pages.components import theme
from pages.components.theme import FlagMark

# Worst first; the order of boards, strips and bars.
ORDER = (FlagLevel.SEVERE, FlagLevel.WARN, FlagLevel.NOTICE, FlagLevel.OK, FlagLevel.NO_DATA, FlagLevel.EXEMPT)
_NOT_JUDGED = "不评"


@dataclass(frozen=True, slots=True)
class LevelGroup:
    """Levels that share a mark and are counted together; *level* stands for them where the mark is drawn."""

    level: FlagLevel
    levels: tuple[FlagLevel, ...]

    @property
    def mark(self) -> FlagMark:
        return theme.flag_mark(self.level)

    @property
    def word(self) -> str:
        """Return the word alone, 不评 where the mark has none."""
        return word(self.level)


def groups() -> tuple[LevelGroup, ...]:
    """Return the levels by mark, worst first."""
    found: dict[str, LevelGroup] = {}
    for level in ORDER:
        key = DEFAULT_SCHEME.mark(level).colour
        before = found.get(key)
        found[key] = LevelGroup(level, (level,)) if before is None else LevelGroup(level, (*before.levels, level))
    return tuple(found.values())


def word(level: FlagLevel) -> str:
    """Return the word of a level: 红, 黄, 绿, 无数据, 不评."""
    mark = theme.flag_mark(level)
    return _NOT_JUDGED if mark.word == mark.shape else mark.word


def text(level: FlagLevel) -> str:
    """Return shape and word of a level."""
    mark = theme.flag_mark(level)
    return f"{mark.shape} {word(level)}"


@dataclass(frozen=True, slots=True)
class Count:
    """How many subjects stand at the levels of a group now and stood there in the round before (None = no such)."""

    group: LevelGroup
    now: int
    before: int | None

    @property
    def change(self) -> str:
        """Return the movement in words; empty without an earlier round."""
        if self.before is None:
            return ""
        moved = self.now - self.before
        return f"较上轮 {moved:+d}" if moved else "与上轮持平"


def counts(now: Mapping[FlagLevel, int], before: Mapping[FlagLevel, int] | None) -> tuple[Count, ...]:
    """Return the counts by mark, worst first; *before* is None without an earlier round."""
    return tuple(
        Count(
            group,
            sum(now.get(level, 0) for level in group.levels),
            None if before is None else sum(before.get(level, 0) for level in group.levels),
        )
        for group in groups()
    )


class Moved(Protocol):
    """Subjects that went from one level to another; *previous* is None for those new in the round."""

    @property
    def previous(self) -> FlagLevel | None: ...
    @property
    def level(self) -> FlagLevel: ...
    @property
    def count(self) -> int: ...


def flow(movements: Iterable[Moved]) -> tuple[str, ...]:
    """Return the movements between marks (黄转红 3), those to the worst first, those new in the round last."""
    moved: dict[tuple[str, str], int] = {}
    fresh = 0
    rank = {group.word: number for number, group in enumerate(groups())}
    for move in movements:
        if move.previous is None:
            fresh += move.count
        elif word(move.previous) != word(move.level):
            key = (word(move.previous), word(move.level))
            moved[key] = moved.get(key, 0) + move.count
    ordered = sorted(moved.items(), key=lambda item: (rank[item[0][1]], rank[item[0][0]]))
    return (*(f"{old}转{new} {count}" for (old, new), count in ordered), *((f"新参评 {fresh}",) if fresh else ()))


def change(previous: FlagLevel | None, level: FlagLevel) -> str:
    """Return how a flag moved against the round before, in words; empty when its mark is the same."""
    if previous is None:
        return "首次参评"
    if word(previous) == word(level):
        return ""
    before, now = LEVEL_RANK.get(previous), LEVEL_RANK.get(level)
    if before is None or now is None:
        return f"上轮{word(previous)}"
    return f"{'↑ 加重' if now > before else '↓ 好转'}，上轮{word(previous)}"


def streak(rounds: int) -> str:
    """Return 连续 N 轮 from the second flagged round on."""
    return f"连续 {rounds} 轮" if rounds > 1 else ""


def choice(row: RoundRow) -> str:
    """Return how a round is offered for choice."""
    return f"{row.label} · {row.window.label} · {row.status.label}"


def figure(value: Decimal | None) -> str:
    """Return a measured value or threshold as written by people."""
    return NOTHING if value is None else f"{value.normalize():f}"


_SOURCES = {
    "milestone": "节点",
    "matter": "问题清单",
    "round": "以往轮次",
    "process": "督查记录",
    "exemption": "免评批准",
}
_ANCHORS = {"report": "#wr-months", "matter": "#wr-matters", "process": "#wr-process"}


def source(hit: RuleHit, project_id: int | None) -> dict[str, str]:
    """Return where a hit was measured: words, and the address when the subject is a project."""
    kind, _, key = hit.source.partition(":")
    if kind == "report":
        shown = f"{key} 投资月报"
    else:
        shown = _SOURCES.get(kind, "项目台账" if project_id is not None else "汇总数据")
    if kind == "round" and key.isdigit():
        return {"text": shown, "address": f"/rounds?round={key}"}
    address = "" if project_id is None else f"/project?id={project_id}{_ANCHORS.get(kind, '')}"
    return {"text": shown, "address": address}


def hit_rows(hits: Iterable[RuleHit], project_id: int | None) -> list[dict[str, Any]]:
    """Return the rule hits as table rows."""
    return [
        {
            "code": hit.rule_code,
            "reason": hit.reason,
            "measured": figure(hit.measured),
            "threshold": figure(hit.threshold),
            "mark": theme.flag_mark(hit.level),
            "text": text(hit.level),
            "source": source(hit, project_id),
        }
        for hit in hits
    ]
