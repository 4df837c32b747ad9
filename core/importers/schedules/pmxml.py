"""Primavera P6 XML: projects, their activities, and the baseline projects kept beside them."""

import itertools
from collections.abc import Iterator

from core.importers.problems import UnreadableFile
from core.importers.schedules.primavera import Activity, Plan, Wbs, build_schedules
from core.importers.schedules.records import Record, read_records
from core.importers.schedules.shape import MAX_TASKS, NOT_STATED, Schedule, Stated

_PLANS = ("Project", "BaselineProject")
_RECORDS = (*_PLANS, "WBS", "Activity")
_SKIPPED = (
    "ResourceAssignment", "Calendar", "Resource", "Role", "Relationship", "UDF", "ActivityExpense",
    "ActivityNote", "ActivityStep", "ActivityCode", "ProjectNote", "ResourceRate", "RoleRate", "ScheduleOptions",
)  # fmt: skip
_DAYS = {
    "plan_start": "PlannedStartDate",
    "plan_finish": "PlannedFinishDate",
    "now_start": "RemainingEarlyStartDate",
    "now_finish": "RemainingEarlyFinishDate",
    "actual_start": "ActualStartDate",
    "actual_finish": "ActualFinishDate",
}


def is_pmxml(root_tag: str) -> bool:
    """Return whether an XML with this root comes from Primavera."""
    return root_tag == "APIBusinessObjects"


def read_pmxml(data: bytes) -> list[Schedule]:
    """
    Return the projects of a Primavera XML.

    Raises:
        UnreadableFile: Damaged, unsafe, or another kind of XML.
    """
    _, root = read_records(data, _RECORDS, _SKIPPED)
    if not is_pmxml(root.tag):
        raise UnreadableFile("schedule_kind")
    records = [record for record in root.children if record.tag in _PLANS]
    count = sum(len(record.of("Activity")) for record in records)
    if count > MAX_TASKS:
        raise UnreadableFile("schedule_tasks", count=count, limit=MAX_TASKS)
    rows = itertools.count(1)
    plans = [_plan(record, rows) for record in records]
    return build_schedules(plans)


def _plan(record: Record, rows: Iterator[int]) -> Plan:
    """Return a project with its activities and then its breakdown numbered on, for the file names no rows."""
    activities = [_activity(row, next(rows)) for row in record.of("Activity")]
    wbs = {
        row.get("ObjectId"): Wbs(next(rows), row.get("ParentObjectId"), row.get("Code"), row.get("Name"))
        for row in record.of("WBS")
    }
    return Plan(
        object_id=record.get("ObjectId"),
        code=record.get("Id"),
        name=record.get("Name"),
        baseline_of=record.get("OriginalProjectObjectId") if record.tag == "BaselineProject" else "",
        current_baseline=record.get("CurrentBaselineProjectObjectId"),
        wbs=wbs,
        activities=activities,
    )


def _activity(record: Record, row: int) -> Activity:
    days = {
        name: Stated(source, text) if (text := record.get(source)) else NOT_STATED for name, source in _DAYS.items()
    }
    kind = record.get("Type")
    return Activity(
        row=row,
        code=record.get("Id"),
        name=record.get("Name"),
        wbs=record.get("WBSObjectId"),
        is_start=kind == "Start Milestone",
        is_finish=kind == "Finish Milestone",
        percent=_percent(record.get("PercentComplete")),
        **days,
    )


def _percent(text: str) -> Stated:
    """Primavera writes shares of one; a node speaks of 0–100."""
    try:
        return Stated("PercentComplete", f"{float(text) * 100:.6g}") if text else NOT_STATED
    except ValueError:
        return Stated("PercentComplete", text)
