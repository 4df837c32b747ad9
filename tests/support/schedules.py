"""Schedule files built in code: MS Project XML, Primavera XER and Primavera XML."""

from collections.abc import Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

MSP = "http://schemas.microsoft.com/project"


def msp_task(uid: int, name: str, finish: str = "", **values: Any) -> str:
    """One ``Task``; ``baselines`` = number → finish; other keywords are elements."""
    baselines: Mapping[int, str] = values.pop("baselines", {})
    fields = {"UID": uid, "ID": uid, "Name": name, "Milestone": 1, "Summary": 0, "OutlineLevel": 1}
    if finish:
        fields |= {"Start": f"{finish}T08:00:00", "Finish": f"{finish}T17:00:00"}
    for key in ("ActualFinish", "ActualStart"):
        if key in values:
            values[key] = f"{values[key]}T17:00:00"
    fields |= values
    parts = [f"<{key}>{escape(str(value))}</{key}>" for key, value in fields.items() if value is not None]
    parts += [
        f"<Baseline><Number>{number}</Number><Finish>{day}T17:00:00</Finish></Baseline>"
        for number, day in baselines.items()
    ]
    return f"<Task>{''.join(parts)}</Task>"


def msp_file(*tasks: str, title: str = "滨江大桥工程", head: str = "", encoding: str = "utf-8") -> bytes:
    """An MS Project XML in which tasks, resources and assignments stand as the software writes them."""
    lines = "\n".join(tasks)
    text = (
        f'<?xml version="1.0" encoding="{encoding}" standalone="yes"?>\n{head}'
        f'<Project xmlns="{MSP}"><SaveVersion>14</SaveVersion><Name>计划.xml</Name><Title>{escape(title)}</Title>\n'
        f"<Tasks>\n{lines}\n</Tasks>\n"
        "<Resources><Resource><UID>1</UID><Name>张三</Name><Baseline><Number>0</Number></Baseline></Resource>"
        "</Resources><Assignments><Assignment><UID>1</UID><TaskUID>1</TaskUID></Assignment></Assignments></Project>\n"
    )
    return text.encode(encoding)


def xer_file(
    tables: Mapping[str, Sequence[Mapping[str, Any]]], *, encoding: str = "utf-8", end: str = "%E\r\n"
) -> bytes:
    """An XER with *tables*: name → rows; the first row of a table names its fields."""
    lines = ["ERMHDR\t19.12\t2026-11-01\tProject\tadmin\tadmin\tdbxDatabase\tProject Management\tCNY"]
    for name, rows in tables.items():
        fields = list(rows[0])
        lines += [f"%T\t{name}", "\t".join(["%F", *fields])]
        lines += ["\t".join(["%R", *(str(row.get(field, "")) for field in fields)]) for row in rows]
    return ("\r\n".join(lines) + "\r\n" + end).encode(encoding)


def xer_task(code: str, name: str, **values: Any) -> dict[str, Any]:
    """One row of ``TASK``, a finish milestone unless told otherwise."""
    return {
        "task_id": "1",
        "proj_id": "100",
        "wbs_id": "11",
        "task_code": code,
        "task_name": name,
        "task_type": "TT_FinMile",
        "status_code": "TK_NotStart",
        "phys_complete_pct": "0",
        "target_start_date": "",
        "target_end_date": "",
        "early_start_date": "",
        "early_end_date": "",
        "act_start_date": "",
        "act_end_date": "",
        **values,
    }


def xer_project(*tasks: Mapping[str, Any], name: str = "滨江大桥工程", code: str = "ZD-BJDQ") -> dict[str, Any]:
    """The tables of one project with a root and one element of its work breakdown."""
    return {
        "PROJECT": [{"proj_id": "100", "proj_short_name": code, "orig_proj_id": "", "sum_base_proj_id": ""}],
        "PROJWBS": [
            _wbs("10", "100", "", code, name, "Y"),
            _wbs("11", "100", "10", "主桥", "主桥工程", "N"),
        ],
        "TASK": list(tasks),
    }


def _wbs(number: str, project: str, parent: str, code: str, name: str, is_root: str) -> dict[str, str]:
    return {
        "wbs_id": number,
        "proj_id": project,
        "parent_wbs_id": parent,
        "wbs_short_name": code,
        "wbs_name": name,
        "proj_node_flag": is_root,
    }


def pmxml_activity(code: str, name: str, kind: str = "Finish Milestone", **days: str) -> str:
    """One ``Activity``; keywords are elements."""
    fields = {"Id": code, "Name": name, "ObjectId": code, "Type": kind, "WBSObjectId": "11", **days}
    return "<Activity>" + "".join(f"<{key}>{escape(value)}</{key}>" for key, value in fields.items()) + "</Activity>"


def pmxml_file(*activities: str, baseline: Sequence[str] = (), name: str = "滨江大桥工程") -> bytes:
    """A Primavera XML with one project and, when *baseline* is given, its baseline project."""
    namespace = "http://xmlns.oracle.com/Primavera/P6/V19.12/API/BusinessObjects"
    wbs = "<WBS><ObjectId>11</ObjectId><Code>主桥</Code><Name>主桥工程</Name></WBS>"
    head = f"<ObjectId>100</ObjectId><Id>ZD-BJDQ</Id><Name>{escape(name)}</Name>"
    if baseline:
        head += "<CurrentBaselineProjectObjectId>200</CurrentBaselineProjectObjectId>"
    parts = [f"<Project>{head}{wbs}{''.join(activities)}</Project>"]
    if baseline:
        inside = "<ObjectId>200</ObjectId><OriginalProjectObjectId>100</OriginalProjectObjectId><Name>基线</Name>"
        parts.append(f"<BaselineProject>{inside}{wbs}{''.join(baseline)}</BaselineProject>")
    body = "\n".join(parts)
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n<APIBusinessObjects xmlns="{namespace}">'
    return f"{head}\n{body}\n</APIBusinessObjects>".encode()
