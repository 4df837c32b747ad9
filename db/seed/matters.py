"""Problems and other matters of the demo city with every step of their lives."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from core.domain.matters.words import MatterAction, MatterLevel, Outcome, Satisfaction
from core.domain.sponsors import VISIT_SOURCE
from core.domain.terms import MatterKind, MatterStatus
from core.domain.workdays import WorkCalendar, add_workdays, workdays_between
from db.models.matter import Matter, MatterEvent, PolicyTerms
from db.seed.cast import SEED, Role
from db.seed.content import matters as content
from db.seed.content.roles import ESCALATED_NAMES, STALE_NAME
from db.seed.moment import Moment
from db.seed.organisation import Organisation
from db.seed.rows import Rows

CLOSED, JUST_CLOSED, OPEN, OVERDUE = 84, 6, 38, 6
STALE_DAYS = 96
QUIET_DAYS = 6  # a problem raised within them has no report yet
EXTENSION_DAYS = 5
ASKING = 2  # open problems whose unit asks for a later deadline
_COMMITTEE_FROM_YUAN = 5_000_000
_POLICY_COLUMNS = (
    "document_no", "clause", "level", "audience", "conditions", "delivery_channel", "target_count", "delivered_count",
    "applied_count", "approved_yuan", "honoured_yuan", "honoured_count", "unhonoured_reason",
)  # fmt: skip
# Problems taken up on visits: raised, due, closed, in days ago.
PROMISED = ((75, 60, 62), (40, 25, 28), (26, 3, None), (12, -6, None), (47, 30, 21), (9, -12, None))

_CODES = {
    MatterKind.PROBLEM: "WT",
    MatterKind.POLICY: "ZC",
    MatterKind.SUGGESTION: "YJ",
    MatterKind.DECISION_REQUEST: "QS",
    MatterKind.CONSULTATION: "HS",
    MatterKind.SUPERVISION: "DB",
}


class MatterBook:
    """Adds matters with running numbers."""

    def __init__(self, rows: Rows, organisation: Organisation, moment: Moment) -> None:
        self._rows, self._organisation, self._moment = rows, organisation, moment
        self._rng = np.random.default_rng([SEED, 31])
        self._count = 0

    def problem(
        self,
        role: Role,
        project_id: int,
        text: content.MatterText,
        *,
        raised: int,
        due: int,
        closed: int | None = None,
        escalated: bool = False,
        asks: bool = False,
        promised_by: int | None = None,
    ) -> int:
        """
        Add one problem.

        *raised*, *due* and *closed* are days ago (due negative = still to come); *asks* = for a later deadline;
        *promised_by* = the leader who took it up on a visit.
        """
        category, title, description, bureau, answer = text
        moment, done = self._moment, closed is not None
        status = MatterStatus.IN_PROGRESS if self._rng.uniform() < 0.75 else MatterStatus.ASSIGNED
        if asks:
            status = MatterStatus.IN_PROGRESS
        if escalated:
            status = MatterStatus.ESCALATED
        if closed is not None:
            status = MatterStatus.RESOLVED if closed < 6 else MatterStatus.CLOSED_OUT
        key = self._add(
            MatterKind.PROBLEM,
            project_id=project_id,
            county_id=self._organisation.counties[role.county],
            title=title.format(name=role.name),
            description=description,
            category=category,
            status=status.value,
            lead_unit_id=self._organisation.units[bureau],
            raised_by=self._organisation.contact_names[promised_by or self._organisation.liaisons[role.number % 4]],
            source=VISIT_SOURCE if promised_by else "",
            responsible_leader=self._organisation.contact_names[promised_by] if promised_by else "",
            raised_on=moment.days_ago(raised),
            due_on=moment.days_ago(due),
            is_escalated=escalated,
            level=(MatterLevel.CITY if escalated else MatterLevel.COUNTY).value,
            answer=answer if done else "",
            extension_to=moment.days_ago(due - EXTENSION_DAYS) if asks else None,
            **self._life(raised, due, closed, told=raised > QUIET_DAYS),
        )
        self._steps(key, raised, closed, bureau, answer, escalated)
        if asks:
            self._step(key, MatterAction.EXTENSION_REQUESTED, 1, "外部评审排期靠后，申请延期。", "hq")
        return key

    def stale(self, role: Role, project_id: int, text: content.MatterText, *, raised: int) -> int:
        """Add a problem that was assigned and never touched again; its deadline is long past."""
        category, title, description, bureau, _answer = text
        key = self._add(
            MatterKind.PROBLEM,
            project_id=project_id,
            county_id=self._organisation.counties[role.county],
            title=title.format(name=role.name),
            description=description,
            category=category,
            status=MatterStatus.ASSIGNED.value,
            lead_unit_id=self._organisation.units[bureau],
            raised_by="市重大项目办",
            raised_on=self._moment.days_ago(raised),
            due_on=self._moment.days_ago(raised - 30),
            is_escalated=False,
            level=MatterLevel.COUNTY.value,
            answer="",
            **self._life(raised, raised - 30, None, told=False),
        )
        self._step(key, MatterStatus.REGISTERED, raised, "已登记并研判分类。", "unit")
        self._step(key, MatterStatus.ASSIGNED, raised - 1, f"交{bureau}牵头办理。", "supervisor")
        return key

    def other(self, row: tuple[str, str, str, str, str], raised: int) -> int:
        """Add a policy, suggestion, request or consultation of the whole city."""
        code, category, title, description, bureau = row
        closed, amount = raised > 70, content.AMOUNTS_YUAN.get(title, 0)
        key = self._add(
            MatterKind(code),
            project_id=None,
            county_id=None,
            title=title,
            description=description,
            category=category,
            status=(MatterStatus.CLOSED_OUT if closed else MatterStatus.IN_PROGRESS).value,
            lead_unit_id=self._organisation.units[bureau],
            raised_by="市重大项目办",
            raised_on=self._moment.days_ago(raised),
            due_on=self._moment.days_ago(raised - 60),
            is_escalated=False,
            level=(MatterLevel.COMMITTEE if amount >= _COMMITTEE_FROM_YUAN else MatterLevel.CITY).value,
            amount_yuan=amount or None,
            answer="已办结并反馈。" if closed else "",
            **self._life(raised, raised - 60, raised - 45 if closed else None),
        )
        self._steps(key, raised, raised - 45 if closed else None, bureau, "已办结并反馈。", False)
        if title in content.POLICIES:
            self._policy(key, content.POLICIES[title], raised)
        return key

    def _policy(self, key: int, text: content.PolicyText, raised: int) -> None:
        values = dict(zip(_POLICY_COLUMNS, text, strict=True))
        self._rows.add(PolicyTerms, matter_id=key, delivered_on=self._moment.days_ago(raised - 2), **values)

    def _life(self, raised: int, due: int, closed: int | None, *, told: bool = True) -> dict[str, Any]:
        """Return the dates between beginning and end, all in days ago; the visit belongs to what is closed out."""
        day = self._moment.days_ago
        assigned = max(raised - 1, closed or 0)
        found: dict[str, Any] = {"assigned_on": day(assigned), "first_due_on": day(due), "closed_on": None}
        if closed is None:
            return found | self._reports(assigned, due, told=told)
        days = workdays_between(day(assigned), day(closed), WorkCalendar())
        mood = (Satisfaction.FAIRLY if raised % 5 == 0 else Satisfaction.SATISFIED).label
        visited = {"satisfaction": mood} if closed >= 6 else {}
        return {
            **found,
            **visited,
            "replied_on": day(closed),
            "answer_workdays": days,
            "resolved_on": day(closed),
            "outcome": Outcome.SOLVED.label,
            "closed_on": day(closed),
        }

    def _reports(self, assigned: int, due: int, *, told: bool) -> dict[str, Any]:
        """Return both reports (一事两报告) of an open matter: the first given on its day, the second owed."""
        calendar, day = WorkCalendar(), self._moment.days_ago
        first = add_workdays(day(assigned), 2, calendar).on
        return {
            "first_report_due_on": first,
            "first_reported_on": first if told else None,
            "result_due_on": add_workdays(day(due), 2, calendar).on,
        }

    def _add(self, kind: MatterKind, **values: object) -> int:
        self._count += 1
        code = f"{_CODES[kind]}-{self._moment.year}-{self._count:04d}"
        return self._rows.add(Matter, code=code, kind=kind.value, **values)

    def _steps(self, key: int, raised: int, closed: int | None, bureau: str, answer: str, escalated: bool) -> None:
        self._step(key, MatterStatus.REGISTERED, raised, "已登记并研判分类。", "unit")
        self._step(key, MatterStatus.ASSIGNED, max(raised - 1, closed or 0), f"交{bureau}牵头办理。", "supervisor")
        if raised > QUIET_DAYS:
            note = content.PROGRESS_NOTES[int(self._rng.integers(len(content.PROGRESS_NOTES)))]
            since = closed if closed is not None else int(self._rng.integers(1, min(raised, 16)))
            self._step(key, MatterStatus.IN_PROGRESS, max(since, min(raised - 3, since + 3)), note, "hq")
        if escalated:
            self._step(key, MatterStatus.ESCALATED, min(raised - 2, 18), "县级协调未果，提级至市级办理。", "supervisor")
        if closed is not None:
            self._step(key, MatterStatus.RESOLVED, closed, answer, "hq")
            if closed >= 6:
                self._step(key, MatterStatus.CLOSED_OUT, closed - 3, "经核查属实，予以销号。", "supervisor")

    def _step(self, key: int, kind: MatterStatus | MatterAction, days: int, note: str, actor: str) -> None:
        at = self._moment.instant(self._moment.days_ago(days), 9 + key % 8, key * 13 % 60)
        self._rows.add(MatterEvent, matter_id=key, kind=kind.value, note=note, happened_at=at, actor=actor)


def add_matters(
    rows: Rows, roles: Sequence[Role], keys: dict[int, int], organisation: Organisation, moment: Moment
) -> None:
    """Add closed, open and overdue problems, the planted ones, and the matters of the city."""
    book = MatterBook(rows, organisation, moment)
    rng = np.random.default_rng([SEED, 32])
    active = [role for role in roles if role.is_listed and role.reserved_on < moment.days_ago(200)]
    order = [active[int(i)] for i in rng.permutation(len(active))]
    for position in range(CLOSED):
        role = order[position % len(order)]
        raised, took = int(rng.integers(25, 330)), int(rng.integers(3, 20))
        text = content.PROBLEMS[position % len(content.PROBLEMS)]
        book.problem(role, keys[role.number], text, raised=raised, due=raised - 15, closed=raised - took)
    for position in range(JUST_CLOSED):
        role, text = order[-1 - position], content.PROBLEMS[(position + 3) % len(content.PROBLEMS)]
        book.problem(role, keys[role.number], text, raised=7 + 2 * position, due=-3, closed=0)
    building = [role for role in order if role.started_on is not None and role.completed_on is None]
    for position in range(OPEN):
        role, text = building[position % len(building)], content.PROBLEMS[(position * 3) % len(content.PROBLEMS)]
        raised = int(rng.integers(1, 24))
        due = -int(rng.integers(1, 20)) if position >= OVERDUE else int(rng.integers(1, min(raised, 9) + 1))
        escalated = position >= OPEN - 3
        asks = OVERDUE <= position < OVERDUE + ASKING
        book.problem(role, keys[role.number], text, raised=raised + 4, due=due, escalated=escalated, asks=asks)
    _add_planted(book, roles, keys)
    for position, row in enumerate(content.OTHERS):
        book.other(row, raised=9 + 11 * (position % 7))
    _add_promises(book, building, keys, organisation)


def _add_promises(book: MatterBook, building: Sequence[Role], keys: dict[int, int], organisation: Organisation) -> None:
    """Problems that leaders took up on visits: most solved, some open, two overdue; five of them are 程立诚's."""
    leader = organisation.leaders[1]
    own = [role for role in building if organisation.commanders[role.headquarters] == leader]
    others = [role for role in building if organisation.commanders[role.headquarters] != leader]
    for position, role in enumerate([*own[:5], *others[:7]]):
        raised, due, closed = PROMISED[position % len(PROMISED)]
        text = content.PROBLEMS[(2 + 5 * position) % len(content.PROBLEMS)]
        whose = organisation.commanders[role.headquarters]
        book.problem(role, keys[role.number], text, raised=raised, due=due, closed=closed, promised_by=whose)


def _add_planted(book: MatterBook, roles: Sequence[Role], keys: dict[int, int]) -> None:
    """Two problems still overdue after escalation, and one that nobody has touched for months."""
    by_name = {role.name: role for role in roles}
    for position, name in enumerate(ESCALATED_NAMES):
        role = by_name[name]
        book.problem(
            role, keys[role.number], content.PROBLEMS[1 + position], raised=42, due=9 + position, escalated=True
        )
    stale = by_name[STALE_NAME]
    bureau = content.PROBLEMS[4][3]
    text = ("资金", content.STALE_TITLE, content.STALE_DESCRIPTION, bureau, "")
    book.stale(stale, keys[stale.number], text, raised=STALE_DAYS)
