"""Tasks of a backward schedule (倒排工期), what each waits for and how that is typed, what is wrong with them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from core.domain.errors import Problem
from core.domain.terms import Term

MAX_TASKS = 300
MAX_DURATION_DAYS = 1500
# Some thirty years of working days: nothing is planned farther, and no calendar reaches so far.
MAX_CHAIN_DAYS = 7500
MAX_CODE = 16
MAX_NAME = 200
MAX_RESPONSIBLE = 100
WHOLE_PCT = 100

_SEPARATORS = re.compile(r"[、，,；;\s]+")
_FULL_WIDTH = str.maketrans("０１２３４５６７８９％＋", "0123456789%+")
_LINK = re.compile(
    r"(?P<code>[^压@+]+?)(?:(?:压茬?|@|[Ss]{2}\+)(?P<amount>\d{1,4})(?P<unit>%|天|[dD]|工日)?|[Ff][Ss])?"
)


class LinkKind(Term):
    """When a successor may start (搭接关系)."""

    AFTER = "after", "完成后开始"
    OVERLAP_DAYS = "overlap_days", "压茬（天）"
    OVERLAP_PCT = "overlap_pct", "压茬（%）"


@dataclass(frozen=True, slots=True)
class Link:
    """
    What a task waits for.

    Attributes:
        predecessor: Code of the task that comes first.
        amount: With an overlap (压茬), how much of it must be done before the successor may start: working days, or %.
    """

    predecessor: str
    kind: LinkKind = LinkKind.AFTER
    amount: int = 0

    @property
    def text(self) -> str:
        """The link as it is typed: ``3``, ``3压10天``, ``3压50%``."""
        if self.kind is LinkKind.AFTER:
            return self.predecessor
        return f"{self.predecessor}压{self.amount}{'%' if self.kind is LinkKind.OVERLAP_PCT else '天'}"


@dataclass(frozen=True, slots=True)
class Task:
    """
    One task.

    Attributes:
        duration_days: Working days it takes, without a break.
        earliest_on: It cannot start before this day (flood season, handing over of the land); None = no such day.
        must_finish_on: A fixed node: it must be finished by this day whatever the finish of the whole; None = none.
        done_on: Day it was finished; a done task takes no more time and holds nobody up.
        is_key: A key node (关键节点).
        responsible: Who answers for it.
    """

    code: str
    name: str
    duration_days: int
    links: tuple[Link, ...] = ()
    is_key: bool = False
    responsible: str = ""
    earliest_on: date | None = None
    must_finish_on: date | None = None
    done_on: date | None = None

    @property
    def links_text(self) -> str:
        """What it waits for, as it is typed."""
        return "、".join(link.text for link in self.links)


def lag_days(link: Link, before: Task, after: Task) -> int:
    """
    Return how many working days after the start of *before* the task *after* may start at the earliest.

    With an overlap the successor also finishes no earlier than its predecessor: paving may follow the bed at a
    distance, it cannot overtake it.
    """
    if link.kind is LinkKind.AFTER:
        return before.duration_days
    need = link.amount
    if link.kind is LinkKind.OVERLAP_PCT:
        need = -(-before.duration_days * link.amount // WHOLE_PCT)
    return max(need, before.duration_days - after.duration_days)


def parse_links(text: str) -> tuple[Link, ...] | None:
    """
    Return the links that *text* names, None when it cannot be read.

    ``1、2压10天、3压50%``; the notation of MS Project is read as well (``2SS+10d``, ``3FS``).
    """
    words = [word for word in _SEPARATORS.split(text.translate(_FULL_WIDTH).strip()) if word]
    links = []
    for word in words:
        found = _LINK.fullmatch(word)
        if found is None:
            return None
        amount = found["amount"]
        if amount is None:
            links.append(Link(found["code"]))
        else:
            kind = LinkKind.OVERLAP_PCT if found["unit"] == "%" else LinkKind.OVERLAP_DAYS
            links.append(Link(found["code"], kind, int(amount)))
    return tuple(links)


def check_network(tasks: Sequence[Task]) -> list[Problem]:
    """Return everything that keeps *tasks* from being scheduled, each with the way to mend it."""
    if not tasks:
        return [Problem("tasks", "no_tasks", "还没有任务。请选用模板，或至少填写一项任务。")]
    if len(tasks) > MAX_TASKS:
        text = f"任务有 {len(tasks)} 项，超过 {MAX_TASKS} 项的上限。请合并到可调度的粒度。"
        return [Problem("tasks", "too_many", text)]
    known: dict[str, Task] = {}
    problems: list[Problem] = []
    for task in tasks:
        if task.code in known:
            problems.append(Problem(task.code, "duplicate", f"序号“{task.code}”重复。每项任务请用不同的序号。"))
        known.setdefault(task.code, task)
    for task in tasks:
        problems += [*_check_task(task), *_check_links(task, known)]
    if not problems and (cycle := find_cycle(tasks)):
        text = f"前置关系首尾相接：{' → '.join(cycle)}。请删去其中一个前置。"
        problems.append(Problem(cycle[0], "cycle", text))
    if not problems and (chain := longest_days(tasks)) > MAX_CHAIN_DAYS:
        text = f"各任务前后相接共 {chain} 个工作日，约 {chain // 250} 年，请核对工期。"
        problems.append(Problem("tasks", "too_long", text))
    return problems


def in_order(tasks: Sequence[Task]) -> list[Task]:
    """Return *tasks* so that each stands behind what it waits for; tasks on a cycle are left out."""
    codes = {task.code for task in tasks}
    waiting = {task.code: {link.predecessor for link in task.links} & codes for task in tasks}
    left, placed = list(tasks), set[str]()
    ordered: list[Task] = []
    while free := [task for task in left if waiting[task.code] <= placed]:
        ordered += free
        placed |= {task.code for task in free}
        left = [task for task in left if task.code not in placed]
    return ordered


def find_cycle(tasks: Sequence[Task]) -> tuple[str, ...]:
    """Return the codes along one cycle, the first one again at the end; empty when there is none."""
    placed = {task.code for task in in_order(tasks)}
    stuck = {task.code: task for task in tasks if task.code not in placed}
    if not stuck:
        return ()
    # Every stuck task waits for another stuck one: walking back must come round.
    walk = [next(iter(stuck))]
    while True:
        before = next(link.predecessor for link in stuck[walk[-1]].links if link.predecessor in stuck)
        if before in walk:
            return tuple(reversed([*walk[walk.index(before) :], before]))
        walk.append(before)


def longest_days(tasks: Sequence[Task]) -> int:
    """Return the working days from the first start to the last finish when nothing waits for a date."""
    starts = early_starts(in_order(tasks), {})
    return max((starts[task.code] + task.duration_days for task in tasks), default=0)


def early_starts(ordered: Sequence[Task], floors: Mapping[str, int]) -> dict[str, int]:
    """Return the earliest start of each task as a number of working days; *floors* keep some from starting sooner."""
    by_code = {task.code: task for task in ordered}
    starts: dict[str, int] = {}
    for task in ordered:
        held = [
            starts[link.predecessor] + lag_days(link, by_code[link.predecessor], task)
            for link in task.links
            if link.predecessor in by_code
        ]
        starts[task.code] = max([floors.get(task.code, 0), *held])
    return starts


def late_starts(ordered: Sequence[Task], ends: Mapping[str, int]) -> dict[str, int]:
    """Return the latest start of each task so that it is over by its day in *ends* and holds nobody up."""
    starts = {task.code: ends[task.code] - task.duration_days + 1 for task in ordered}
    by_code = {task.code: task for task in ordered}
    for task in reversed(ordered):
        for link in task.links:
            before = by_code.get(link.predecessor)
            if before is not None:
                bound = starts[task.code] - lag_days(link, before, task)
                starts[before.code] = min(starts[before.code], bound)
    return starts


def _check_task(task: Task) -> list[Problem]:
    problems = []
    title = f"任务 {task.code}"
    if not task.code or len(task.code) > MAX_CODE or _SEPARATORS.search(task.code) or re.search("[压@+]", task.code):
        text = f"序号“{task.code[:MAX_CODE]}”不能用。请用不含空格和标点的短序号，如 1、2、3。"
        problems.append(Problem(task.code, "code", text))
    if not task.name.strip():
        problems.append(Problem(task.code, "missing_name", f"{title}没有名称，请填写。"))
    elif len(task.name) > MAX_NAME:
        problems.append(Problem(task.code, "long_name", f"{title}的名称超过 {MAX_NAME} 个字，请精简。"))
    if len(task.responsible) > MAX_RESPONSIBLE:
        problems.append(Problem(task.code, "long_responsible", f"{title}的责任单位超过 {MAX_RESPONSIBLE} 个字。"))
    if not 1 <= task.duration_days <= MAX_DURATION_DAYS:
        text = f"{title}“{task.name}”的工期为 {task.duration_days} 个工作日。请填 1 至 {MAX_DURATION_DAYS} 的整数。"
        problems.append(Problem(task.code, "duration", text))
    if task.earliest_on and task.must_finish_on and task.earliest_on > task.must_finish_on:
        text = f"{title}“{task.name}”的最早开始日（{task.earliest_on}）晚于限定完成日（{task.must_finish_on}）。"
        problems.append(Problem(task.code, "dates", text + "请更正其一。"))
    return problems


def _check_links(task: Task, known: Mapping[str, Task]) -> list[Problem]:
    problems = []
    seen = set()
    for link in task.links:
        title = f"任务 {task.code}“{task.name}”的前置“{link.text}”"
        before = known.get(link.predecessor)
        if link.predecessor == task.code:
            problems.append(Problem(task.code, "self", f"{title}是它自己，请删去。"))
        elif before is None:
            problems.append(Problem(task.code, "unknown", f"{title}不存在。请填表中已有的序号。"))
        elif link.predecessor in seen:
            problems.append(Problem(task.code, "twice", f"{title}重复，请只留一个。"))
        elif link.kind is LinkKind.OVERLAP_PCT and not 0 <= link.amount <= WHOLE_PCT:
            problems.append(Problem(task.code, "overlap", f"{title}超出范围，百分数请填 0 至 {WHOLE_PCT}。"))
        elif link.kind is LinkKind.OVERLAP_DAYS and not 0 <= link.amount <= before.duration_days:
            text = f"{title}超出前置任务的工期，请填 0 至 {before.duration_days} 天。"
            problems.append(Problem(task.code, "overlap", text))
        seen.add(link.predecessor)
    return problems
