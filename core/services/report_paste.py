"""Rows pasted as text, matched with the projects of the month's sheet and shown before anything is taken over."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.domain.errors import Problem
from core.domain.period import Month
from core.domain.permissions import Actor, Permission, require
from core.domain.report_checks import TypedReport, read_report
from core.importers.report_paste import PastedRow, normal_name, read_pasted
from db.queries import reports as queries
from db.queries.reports import ReportFilter, SheetProject, StoredReport
from db.session import current_store, read

_MATCHES = 2000
_MIN_PART = 2
_MAX_PARTS = 200  # one OR-term each; a database refuses thousands of them


@dataclass(frozen=True, slots=True)
class PasteLine:
    """One pasted record: the project it means (None = not found), what is stored for it, what stands against it."""

    number: int
    written: str
    project_id: int | None
    project_name: str
    typed: TypedReport
    problems: tuple[Problem, ...]
    stored: StoredReport | None = None


def match(actor: Actor, month: Month, text: str) -> tuple[PasteLine, ...]:
    """
    Return every pasted record with its project and problems; nothing is stored.

    A record is matched by code, national code or full name; else by a part of the name that fits one project only.
    """
    require(actor, Permission.SUBMIT_REPORT)
    rows = read_pasted(text)
    today = current_store().today()
    written = tuple(dict.fromkeys(form for row in rows for form in (row.project, normal_name(row.project)) if form))
    if not written:
        return ()
    parts = tuple(name for name in written if len(name) >= _MIN_PART)
    with read() as connection:
        place = (connection, actor.scope, month, today)
        exact = queries.list_due(*place, ReportFilter(names=written), limit=_MATCHES)
        known = _Index(exact)
        unknown = tuple(part for part in parts if not known.exact(part))[:_MAX_PARTS]
        similar = queries.list_due(*place, ReportFilter(name_parts=unknown), limit=_MATCHES) if unknown else []
        index = _Index([*exact, *similar])
        matched = _mark_repeats([_line(row, index.find(row.project)) for row in rows])
        ids = [line.project_id for line in matched if line.project_id is not None]
        stored = queries.load_reports(connection, ids, month)
    return tuple(
        replace(line, stored=stored.get(line.project_id)) if line.project_id is not None else line for line in matched
    )


class _Index:
    """The projects of a sheet by everything that may name them."""

    def __init__(self, projects: Sequence[SheetProject]) -> None:
        self._projects = {project.id: project for project in projects}
        self._by_key: dict[str, set[int]] = {}
        for project in projects:
            for key in (project.code, project.national_code, project.name):
                if key:
                    self._by_key.setdefault(normal_name(key), set()).add(project.id)

    def exact(self, written: str) -> set[int]:
        return self._by_key.get(normal_name(written), set())

    def find(self, written: str) -> tuple[SheetProject, ...]:
        """Return every project that *written* may mean."""
        ids = self.exact(written)
        part = normal_name(written)
        if not ids and len(part) >= _MIN_PART:
            ids = {project.id for project in self._projects.values() if part in normal_name(project.name)}
        return tuple(self._projects[project_id] for project_id in sorted(ids))


def _line(row: PastedRow, found: tuple[SheetProject, ...]) -> PasteLine:
    shown = row.project[:40]
    if len(found) != 1:
        if not row.project:
            problem = Problem("project", "missing_name", "没有项目名称。请在第一列填写项目名称或代码。")
        elif found:
            text = f"“{shown}”对应 {len(found)} 个项目。请改用完整名称或项目代码。"
            problem = Problem("project", "ambiguous_name", text)
        else:
            text = f"没有找到“{shown}”。请核对名称，或确认该项目本月需要报送且在您的管理范围内。"
            problem = Problem("project", "unknown_name", text)
        return PasteLine(row.number, row.project, None, "", row.typed, (problem,))
    project = found[0]
    _, problems = read_report(row.typed, project.total_investment_yuan, draft=True)
    return PasteLine(row.number, row.project, project.id, project.name, row.typed, tuple(problems))


def _mark_repeats(lines: Sequence[PasteLine]) -> list[PasteLine]:
    first: dict[int, int] = {}
    made = []
    for line in lines:
        other = first.setdefault(line.project_id, line.number) if line.project_id is not None else line.number
        if other != line.number:
            text = f"与第 {other} 行是同一个项目，本行不采用。请只保留一行。"
            problem = Problem("project", "repeated", text)
            line = PasteLine(line.number, line.written, None, line.project_name, line.typed, (problem,))
        made.append(line)
    return made
