"""Campaigns of the demo city as rows: tasks with reports, close-outs, acceptances and assessments."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from core.domain.campaigns.periods import period_of, previous
from core.domain.campaigns.words import CampaignAction, CampaignKind, CampaignStatus, TaskStatus, Verdict
from db.models.campaign import (
    Campaign,
    CampaignAcceptance,
    CampaignAssessment,
    CampaignEvent,
    CampaignPhase,
    CampaignProgress,
    CampaignProject,
    CampaignTask,
)
from db.seed.cast import Role
from db.seed.content import campaign_texts as content
from db.seed.content.campaign_battles import BATTLES
from db.seed.content.campaign_drives import DRIVES
from db.seed.content.campaign_texts import CampaignText, TaskText
from db.seed.moment import Moment
from db.seed.organisation import Organisation
from db.seed.rows import Rows

_PREFIX = {
    CampaignKind.BATTLE: "GJ",
    CampaignKind.REFORM: "GG",
    CampaignKind.DRIVE: "SG",
    CampaignKind.LIVELIHOOD: "HM",
}
_LINKED = 8
_AGAIN_DAYS, _LATE_DAYS = 26, 8
_MILLI = 1000


def add_campaigns(
    rows: Rows, roles: Sequence[Role], keys: dict[int, int], organisation: Organisation, moment: Moment
) -> None:
    """Add the campaigns with everything on them."""
    numbers: dict[CampaignKind, int] = {}
    for text in (*BATTLES, *DRIVES):
        numbers[text.kind] = numbers.get(text.kind, 0) + 1
        code = f"{_PREFIX[text.kind]}-{moment.today.year}-{numbers[text.kind]:02d}"
        book = _Book(rows, organisation, moment, text, code)
        book.add_tasks()
        book.add_phases()
        book.add_end()
        linked = [role for role in roles if text.headquarters and role.headquarters == text.headquarters]
        for role in linked[:_LINKED]:
            rows.add(CampaignProject, campaign_id=book.id, project_id=keys[role.number])


class _Book:
    """Adds one campaign and what belongs to it."""

    def __init__(self, rows: Rows, organisation: Organisation, moment: Moment, text: CampaignText, code: str) -> None:
        self._rows, self._organisation, self._moment, self._text = rows, organisation, moment, text
        self._start, self._finish = self._day(text.start), self._day(text.finish)
        is_passed = text.verdict == Verdict.PASSED.value
        self._due_on = self._day(_AGAIN_DAYS) if text.verdict and not is_passed else self._finish
        status = CampaignStatus.DRAFT if text.is_draft else CampaignStatus.RUNNING
        standard, approach, duties, results = text.clarities
        self.id = rows.add(
            Campaign,
            code=code,
            kind=text.kind.value,
            year=moment.today.year,
            name=text.name,
            standard=standard,
            approach=approach,
            duties=duties,
            results=results,
            leader=text.leader,
            lead_unit_id=organisation.units[text.unit],
            headquarters_id=organisation.headquarters[text.headquarters] if text.headquarters else None,
            county_id=organisation.counties[text.county] if text.county else None,
            start_on=self._start,
            finish_on=self._finish,
            first_finish_on=self._finish,
            report_period=text.period.value,
            status=(CampaignStatus.ACCEPTED if is_passed else status).value,
            acceptance_due_on=self._due_on,
            accepted_on=self._finish + timedelta(days=_LATE_DAYS) if is_passed else None,
        )
        self._note(CampaignAction.CREATED, self._start - timedelta(days=10))
        if not text.is_draft:
            self._note(CampaignAction.LAUNCHED, self._start)

    def add_tasks(self) -> None:
        """Add the tree; a number's part before the last dot names the parent."""
        keys: dict[str, int] = {}
        for sequence, task in enumerate(self._text.tasks, start=1):
            parent = keys.get(task.number.rpartition(".")[0])
            is_leaf = not any(other.number.startswith(f"{task.number}.") for other in self._text.tasks)
            keys[task.number] = self._add_task(task, sequence, parent)
            if is_leaf and task.percent is not None:
                self._add_reports(task, keys[task.number])
            self._add_story(task, keys[task.number])

    def add_phases(self) -> None:
        """Add the road map by shares of the campaign's days."""
        days = (self._finish - self._start).days
        for sequence, (name, first, last, goal) in enumerate(content.PHASES, start=1):
            begin = self._start + timedelta(days=round(days * first) + (1 if first else 0))
            self._rows.add(
                CampaignPhase,
                campaign_id=self.id,
                sequence=sequence,
                name=name,
                start_on=begin,
                finish_on=self._start + timedelta(days=round(days * last)),
                goal=goal,
            )

    def add_end(self) -> None:
        """Add acceptance and assessment where there was one."""
        text = self._text
        if text.verdict:
            self._add_acceptance(Verdict(text.verdict))
        if text.score is not None:
            on = min(self._finish, self._moment.days_ago(12))
            organisation = content.ASSESSORS[self.id % len(content.ASSESSORS)]
            self._rows.add(
                CampaignAssessment,
                campaign_id=self.id,
                organisation=organisation,
                assessed_on=on,
                score_milli=text.score * _MILLI,
                findings=content.FINDINGS,
                recorded_at=self._moment.instant(on, 16),
                recorded_by="supervisor",
            )
            self._note(CampaignAction.ASSESSED, on, f"{organisation} {text.score} 分")

    def _add_task(self, task: TaskText, sequence: int, parent: int | None) -> int:
        finish = self._day(task.finish)
        is_done = task.status in (TaskStatus.CLAIMED.value, TaskStatus.CLOSED_OUT.value)
        done_on = min(finish, self._moment.days_ago(2)) if is_done else None
        is_reported = task.percent is not None
        return self._rows.add(
            CampaignTask,
            campaign_id=self.id,
            parent_id=parent,
            sequence=sequence,
            name=task.name,
            lead_unit_id=self._organisation.units[task.unit],
            supporting_units=task.supporting,
            responsible_person=task.person,
            planned_start_on=self._day(task.start),
            planned_finish_on=finish,
            first_finish_on=finish - timedelta(days=task.moved),
            moves=1 if task.moved else 0,
            weight=task.weight,
            measure=task.measure,
            measure_unit=task.measure_unit,
            target_milli=None if task.target is None else task.target * _MILLI,
            actual_milli=None if task.actual is None else task.actual * _MILLI,
            status=task.status,
            percent=task.percent,
            reported_at=self._moment.instant(self._reported_on(task)) if is_reported else None,
            finished_on=done_on,
            claimed_by="unit" if is_done or task.status == TaskStatus.RETURNED.value else "",
            closed_on=done_on if task.status == TaskStatus.CLOSED_OUT.value else None,
        )

    def _reported_on(self, task: TaskText) -> date:
        """Return the day of the latest report: in the last full period, or one earlier where it is missing."""
        if task.status in (TaskStatus.CLAIMED.value, TaskStatus.CLOSED_OUT.value):
            return min(self._day(task.finish), self._moment.days_ago(2)) - timedelta(days=1)
        period = previous(period_of(self._text.period, self._moment.today))
        return (period if task.is_reported else previous(period)).last_on

    def _add_reports(self, task: TaskText, key: int) -> None:
        last_on, percent = self._reported_on(task), task.percent or 0
        earlier_on = previous(period_of(self._text.period, last_on)).last_on
        for day, share, place in ((earlier_on, 0.92, 0), (last_on, 1.0, 1)):
            if day < self._day(task.start):
                continue
            period = period_of(self._text.period, day)
            self._rows.add(
                CampaignProgress,
                task_id=key,
                period_kind=period.kind.value,
                period_key=period.key,
                percent=int(percent * share),
                actual_milli=None if task.actual is None else int(task.actual * share) * _MILLI,
                text=content.PROGRESS_NOTES[(key + place) % len(content.PROGRESS_NOTES)],
                reported_at=self._moment.instant(day, 10, key * 7 % 60),
                reported_by="unit",
            )

    def _add_story(self, task: TaskText, key: int) -> None:
        done_on = min(self._day(task.finish), self._moment.days_ago(2))
        if task.moved:
            finish = self._day(task.finish)
            self._note(
                CampaignAction.MOVED,
                self._moment.days_ago(40),
                content.MOVE_REASON,
                task_id=key,
                old_due_on=finish - timedelta(days=task.moved),
                new_due_on=finish,
            )
        if task.status != TaskStatus.OPEN.value:
            self._note(CampaignAction.CLAIMED, done_on, "任务完成，申请核验。", actor="unit", task_id=key)
        if task.status == TaskStatus.CLOSED_OUT.value:
            self._note(CampaignAction.CLOSED_OUT, done_on, "现场核实，予以销号。", task_id=key)
        if task.status == TaskStatus.RETURNED.value:
            self._note(CampaignAction.RETURNED, self._moment.days_ago(1), content.RETURN_REASON, task_id=key)

    def _add_acceptance(self, verdict: Verdict) -> None:
        record, conditions = {
            Verdict.PASSED: (content.PASSED_RECORD, ""),
            Verdict.CONDITIONAL: (content.CONDITIONAL_RECORD, content.CONDITIONAL_CONDITIONS),
            Verdict.FAILED: (content.FAILED_RECORD, content.FAILED_CONDITIONS),
        }[verdict]
        held_on = min(self._finish + timedelta(days=_LATE_DAYS), self._moment.days_ago(4))
        again_on = None if verdict is Verdict.PASSED else self._due_on
        self._rows.add(
            CampaignAcceptance,
            campaign_id=self.id,
            number=1,
            due_on=min(self._finish, held_on),
            held_on=held_on,
            verdict=verdict.value,
            record=record,
            conditions=conditions,
            again_on=again_on,
            document_no=f"云督验〔{held_on.year}〕{self.id}号",
            verifier="supervisor",
            recorded_at=self._moment.instant(held_on, 17),
        )
        self._note(CampaignAction.ACCEPTED, held_on, f"{verdict.label}：{record}", new_due_on=again_on)

    def _note(self, kind: CampaignAction, on: date, text: str = "", *, actor: str = "supervisor", **more: Any) -> None:
        values = {"task_id": None, "old_due_on": None, "new_due_on": None, **more}
        self._rows.add(
            CampaignEvent,
            campaign_id=self.id,
            kind=kind.value,
            note=text,
            happened_at=self._moment.instant(on, 15),
            actor=actor,
            **values,
        )

    def _day(self, days: int) -> date:
        return self._moment.days_ago(-days)
