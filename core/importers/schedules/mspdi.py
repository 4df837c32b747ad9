"""MS Project XML (the software's own interchange form, also written by many others)."""

from core.importers.problems import UnreadableFile
from core.importers.schedules.records import Record, read_records
from core.importers.schedules.shape import MAX_TASKS, NOT_STATED, Schedule, Stated, Task

NAMESPACE = "http://schemas.microsoft.com/project"
_RECORDS = ("Task", "Baseline")
_SKIPPED = (
    "Resources", "Assignments", "Calendars", "ExtendedAttributes", "ExtendedAttribute", "OutlineCodes", "OutlineCode",
    "TimephasedData", "PredecessorLink", "WBSMasks", "Views", "Filters", "Groups", "Tables", "Maps", "Reports",
)  # fmt: skip
_SUFFIXES = (".xml", ".mpp", ".mpt")


def read_mspdi(data: bytes) -> list[Schedule]:
    """
    Return the one project of an MS Project XML.

    Raises:
        UnreadableFile: Damaged, unsafe, or another kind of XML.
    """
    namespace, root = read_records(data, _RECORDS, _SKIPPED)
    if root.tag != "Project" or namespace not in (NAMESPACE, ""):
        raise UnreadableFile("schedule_kind")
    records = root.of("Task")
    if len(records) > MAX_TASKS:
        raise UnreadableFile("schedule_tasks", count=len(records), limit=MAX_TASKS)
    whole = next((record for record in records if record.get("UID") == "0"), None)
    candidates = (root.get("Title"), _stem(root.get("Name")), whole.get("Name") if whole else "", root.get("Subject"))
    rows = _row_numbers(records)
    tasks = [_task(record, row) for record, row in zip(records, rows, strict=True) if record is not whole]
    return [Schedule(tuple(dict.fromkeys(name for name in candidates if name)), tasks)]


def _stem(name: str) -> str:
    return next((name[: -len(suffix)] for suffix in _SUFFIXES if name.lower().endswith(suffix)), name)


def _row_numbers(records: list[Record]) -> list[int]:
    """Return the numbers at the left edge of MS Project's table; positions when the file has none or doubles them."""
    stated = [record.get("ID") for record in records]
    if all(text.isdecimal() and len(text) < 9 for text in stated) and len(set(stated)) == len(stated):
        return [int(text) for text in stated]
    return list(range(1, len(records) + 1))


def _task(record: Record, row: int) -> Task:
    uid = record.get("UID")
    level = record.get("OutlineLevel")
    return Task(
        row=row,
        place=f"UID {uid}" if uid else f"第{row}行",
        key=f"msp:{uid}" if uid else "",
        name=record.get("Name"),
        wbs=record.get("WBS") or record.get("OutlineNumber"),
        level=int(level) if level.isdecimal() and len(level) < 4 else 1,
        is_milestone=record.get("Milestone") == "1",
        is_summary=record.get("Summary") == "1",
        is_left_out=record.get("Active") == "0" or record.get("IsNull") == "1" or record.get("ExternalTask") == "1",
        plan=_stated(record, "Finish", "Start"),
        actual=_stated(record, "ActualFinish"),
        percent=_stated(record, "PercentComplete"),
        baselines=_baselines(record),
    )


def _baselines(record: Record) -> dict[int, Stated]:
    found = {}
    for baseline in record.of("Baseline"):
        number, day = baseline.get("Number") or "0", _stated(baseline, "Finish", "Start")
        if number.isdecimal() and len(number) < 3 and day.text:
            found[int(number)] = Stated(f"Baseline {number} {day.source}", day.text)
    return found


def _stated(record: Record, *names: str) -> Stated:
    """Return the first of *names* that the record states."""
    return next((Stated(name, text) for name in names if (text := record.get(name))), NOT_STATED)
