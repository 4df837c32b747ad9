"""Primavera XER: tables in one text, ``%T`` name, ``%F`` fields, ``%R`` rows, parted by tabs."""

import re
from collections import defaultdict
from dataclasses import dataclass, field

from core.importers.delimited import decode_text
from core.importers.problems import UnreadableFile
from core.importers.schedules.primavera import Activity, Plan, Wbs, build_schedules
from core.importers.schedules.shape import MAX_TASKS, NOT_STATED, Schedule, Stated

_TABLES = frozenset({"PROJECT", "PROJWBS", "TASK"})
_DAYS = {
    "plan_start": "target_start_date",
    "plan_finish": "target_end_date",
    "now_start": "early_start_date",
    "now_finish": "early_end_date",
    "actual_start": "act_start_date",
    "actual_finish": "act_end_date",
}
_PAIR = re.compile(rb"[\x81-\xfe][\x40-\x7e\x80-\xfe]")


@dataclass(slots=True)
class Row:
    """A ``%R`` line by field name."""

    line: int
    values: dict[str, str]

    def get(self, name: str) -> str:
        return self.values.get(name, "").strip()


@dataclass(slots=True)
class _Tables:
    rows: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    has_end: bool = False


def is_xer(data: bytes) -> bool:
    """Return whether *data* begins as an XER does."""
    return data.lstrip(b"\xef\xbb\xbf\xff\xfe").replace(b"\0", b"")[:7] == b"ERMHDR\t"


def read_xer(data: bytes) -> list[Schedule]:
    """
    Return the projects of an XER.

    Raises:
        UnreadableFile: Cut off, without activities' table, or in an unknown encoding.
    """
    tables = _split(decode_xer(data))
    plans: dict[str, Plan] = {}
    wbs: dict[str, dict[str, Wbs]] = defaultdict(dict)
    titles: dict[str, str] = {}
    for row in tables.rows["PROJWBS"]:
        project, name = row.get("proj_id"), row.get("wbs_name")
        if row.get("proj_node_flag") == "Y":
            titles[project] = name
        else:
            element = Wbs(row.line, row.get("parent_wbs_id"), row.get("wbs_short_name"), name)
            wbs[project][row.get("wbs_id")] = element
    for row in tables.rows["PROJECT"]:
        number = row.get("proj_id")
        plans[number] = Plan(
            object_id=number,
            code=row.get("proj_short_name"),
            name=titles.get(number, ""),
            baseline_of=row.get("orig_proj_id"),
            current_baseline=row.get("sum_base_proj_id"),
            wbs=wbs[number],
            activities=[],
        )
    for row in tables.rows["TASK"]:
        number = row.get("proj_id")
        if number not in plans:
            plans[number] = Plan(number, "", titles.get(number, ""), "", "", wbs[number], [])
        plans[number].activities.append(_activity(row))
    return build_schedules(list(plans.values()))


def decode_xer(data: bytes) -> str:
    """
    Return the text of an XER, which never names its code page.

    UTF-8 and UTF-16 as in any text; else Chinese (GB18030) when most bytes above ASCII stand in pairs as Chinese
    characters do, else Western (cp1252).

    Raises:
        UnreadableFile: No code page fits.
    """
    try:
        data.decode("utf-8-sig")
        is_plain = True
    except UnicodeDecodeError:
        is_plain = data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in data[:4000]
    if is_plain or _looks_chinese(data):
        return decode_text(data)
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:
        return decode_text(data)


def _looks_chinese(data: bytes) -> bool:
    high = sum(byte > 0x7F for byte in data)
    in_pairs = sum(2 for pair in _PAIR.findall(data) if pair[1] >= 0xA1)
    return in_pairs * 2 >= high


def _split(text: str) -> _Tables:
    tables = _Tables()
    name, fields = "", [""]
    for number, line in enumerate(text.split("\n"), 1):
        mark, _, rest = line.rstrip("\r").partition("\t")
        if mark == "%T":
            name, fields = rest.strip(), []
        elif mark == "%F":
            fields = rest.split("\t")
        elif mark == "%R" and name in _TABLES:
            rows = tables.rows[name]
            rows.append(Row(number, dict(zip(fields, rest.split("\t"), strict=False))))
            if len(rows) > MAX_TASKS:
                raise UnreadableFile("schedule_tasks", count=len(rows), limit=MAX_TASKS)
        elif mark == "%E":
            tables.has_end = True
    if not tables.has_end:
        raise UnreadableFile("schedule_damaged", line=text.count("\n") + 1)
    return tables


def _activity(row: Row) -> Activity:
    days = {name: Stated(source, text) if (text := row.get(source)) else NOT_STATED for name, source in _DAYS.items()}
    kind = row.get("task_type")
    is_done = row.get("status_code") == "TK_Complete"
    percent = "100" if is_done else row.get("phys_complete_pct")
    return Activity(
        row=row.line,
        code=row.get("task_code"),
        name=row.get("task_name"),
        wbs=row.get("wbs_id"),
        is_start=kind == "TT_Mile",
        is_finish=kind == "TT_FinMile",
        percent=Stated("status_code" if is_done else "phys_complete_pct", percent) if percent else NOT_STATED,
        **days,
    )
