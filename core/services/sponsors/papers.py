"""Papers of sponsored projects: the one-page brief for the car and the responsibility letter, as Word or PDF."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from fractions import Fraction

from sqlalchemy import Connection

from core.domain.curves import cumulated_done_yuan, cumulated_plan_yuan
from core.domain.errors import Invalid, NotFound, Problem
from core.domain.five_ones import five_ones
from core.domain.matters.state import time_left
from core.domain.permissions import Actor, Permission, require
from core.domain.sponsor_changes import changes_since, wordings
from core.domain.sponsor_questions import OpenNode, OpenProblem, Situation, questions
from core.domain.sponsors import credited
from core.domain.terms import AssignmentRole, Term
from core.domain.workdays import TimeLeft
from core.exporters.files import ExportFile
from core.exporters.official import style
from core.exporters.official.blocks import Block
from core.exporters.official.brief import BriefNode, BriefProblem, ProjectBrief, brief_blocks
from core.exporters.official.pdf import PDF, write_pdf
from core.exporters.official.sponsor_letter import LetterNode, SponsorLetter, letter_blocks, letter_title
from core.exporters.official.word import DOCX, write_word
from core.services import figures
from core.services.export_notes import note_export
from core.services.figures import Version
from core.services.matters.rules import clock_at
from core.services.sponsors.rules import rules_in_force
from core.settings import get_settings
from db.queries import matters as matter_queries
from db.queries import projects
from db.queries import sponsor_facts as fact_queries
from db.queries import sponsor_papers as paper_queries
from db.queries import sponsors as queries
from db.queries.matters import MatterRow
from db.queries.projects import LedgerRow
from db.queries.sponsor_papers import PaperNode, PaperProject, PaperRole, PaperYear
from db.session import read

MAX_PAPERS = 40
_QUESTIONS = 4


class PaperForm(Term):
    """As what a paper is handed out."""

    WORD = "docx", "Word"
    PDF = "pdf", "PDF"


@dataclass(frozen=True, slots=True)
class _Known:
    """Everything that papers of some projects are made of, by project."""

    rows: tuple[LedgerRow, ...]
    projects: Mapping[int, PaperProject]
    nodes: Mapping[int, list[PaperNode]]
    years: Mapping[int, PaperYear]
    roles: Mapping[int, list[PaperRole]]


def briefs(actor: Actor, person_id: int | None, project_ids: Sequence[int], form: PaperForm) -> ExportFile:
    """
    Return the briefs of *project_ids*, one page each, in the order given; what changed is told since *person_id* went.

    Raises:
        PermissionDenied: The actor may not export.
        NotFound: One of the projects lies outside the actor's scope.
        Invalid: None or too many projects.
        PdfFailed: The PDF could not be set.
    """
    require(actor, Permission.EXPORT)
    version = figures.version()
    with read() as connection:
        known = _load(connection, actor, project_ids, version)
        made = _briefs(connection, actor, known, person_id, version)
    title = f"{made[0].name}项目简报" if len(made) == 1 else f"项目简报（{len(made)} 个项目）"
    content = _write(brief_blocks(made), title, form, version.on, style.BRIEF)
    note_export(actor, "project_brief", form.value, {"projects": [row.id for row in known.rows]})
    return ExportFile(_file_name(title, form, version), _mime(form), content, len(made))


def letters(actor: Actor, project_ids: Sequence[int], form: PaperForm) -> ExportFile:
    """
    Return the responsibility letters (包干责任书) of *project_ids*, in the order given.

    Raises:
        PermissionDenied, NotFound, Invalid, PdfFailed: As ``briefs``.
    """
    require(actor, Permission.EXPORT)
    version = figures.version()
    with read() as connection:
        known = _load(connection, actor, project_ids, version)
        per_month = rules_in_force(connection).per_month
    made = [_letter(row, known, per_month, version) for row in known.rows]
    content = _write(letter_blocks(made), letter_title(made), form, version.on, style.OFFICIAL)
    note_export(actor, "sponsor_letter", form.value, {"projects": [row.id for row in known.rows]})
    return ExportFile(_file_name(letter_title(made), form, version), _mime(form), content, len(made))


def _load(connection: Connection, actor: Actor, project_ids: Sequence[int], version: Version) -> _Known:
    ids = list(dict.fromkeys(project_ids))
    if not 1 <= len(ids) <= MAX_PAPERS:
        raise Invalid([Problem("project_ids", "out_of_range", f"请选择 1 到 {MAX_PAPERS} 个项目。")])
    rows = tuple(projects.load_rows(connection, actor.scope, ids, version.month.year))
    if len(rows) != len(ids):
        raise NotFound
    return _Known(
        rows,
        paper_queries.load_projects(connection, ids),
        paper_queries.load_nodes(connection, ids, version.month.year),
        paper_queries.load_years(connection, ids, version.month.year),
        paper_queries.load_roles(connection, ids, version.on),
    )


def _briefs(
    connection: Connection, actor: Actor, known: _Known, person_id: int | None, version: Version
) -> list[ProjectBrief]:
    ids = [row.id for row in known.rows]
    went = _last_visits(connection, actor, person_id, ids)
    since = min(went.values(), default=version.on)
    facts = fact_queries.load_dated_facts(connection, ids, since, get_settings().zone)
    clock = clock_at(connection, version.on)
    problems: dict[int, list[tuple[MatterRow, TimeLeft | None]]] = defaultdict(list)
    wanted = paper_queries.list_problem_ids(connection, ids)
    found = {one.id: one for one in matter_queries.find_matters(connection, actor.scope, wanted)}
    for key in wanted:
        if (one := found.get(key)) is not None and one.project_id is not None:
            problems[one.project_id].append((one, time_left(one.state, clock.today, clock.calendar)))
    made = []
    for row in known.rows:
        last = went.get(row.id)
        changes = wordings(changes_since(facts[row.id], last, version.on)) if last else ()
        made.append(_brief(row, known, problems[row.id], last, changes, version))
    return made


def _last_visits(connection: Connection, actor: Actor, person_id: int | None, ids: Sequence[int]) -> dict[int, date]:
    """Return the latest visit of a leader to each project; None = of whichever leader stands for it."""
    people = None if person_id is None else [person_id]
    links = [one for one in queries.list_links(connection, actor.scope, date.min, people) if one.project_id in ids]
    names = {key: one.name for key, one in queries.find_people(connection, [one.person_id for one in links]).items()}
    days = credited(names, links, queries.list_visits(connection, actor.scope, None, ids))
    found: dict[int, date] = {}
    for (_, project), seen in days.items():
        found[project] = max([*seen, found.get(project, date.min)])
    return found


def _brief(
    row: LedgerRow,
    known: _Known,
    problems: Sequence[tuple[MatterRow, TimeLeft | None]],
    last: date | None,
    changes: tuple[str, ...],
    version: Version,
) -> ProjectBrief:
    project, year, roles = known.projects[row.id], known.years[row.id], known.roles.get(row.id, [])
    nodes = _to_do(known.nodes.get(row.id, []), version.on)
    return ProjectBrief(
        name=row.name,
        code=project.code,
        leader=row.sponsors or "未明确",
        place=" · ".join(part for part in (row.county_name, row.headquarters_name) if part),
        unit=row.unit_name or project.owner_name or "未明确",
        kind=" · ".join(part for part in (project.category, row.stage.label) if part),
        content=project.content,
        goal=year.goal,
        level=row.record_flag or row.flag,
        live=row.flag,
        reasons=row.reasons,
        today=version.on,
        figures_on=f"{version.month.number}月",
        total_yuan=row.total_investment_yuan,
        since_start_yuan=project.since_start_yuan,
        plan_yuan=row.annual_plan_yuan,
        due_yuan=row.curve_due_yuan,
        done_yuan=row.ytd_done_yuan,
        plan_curve=tuple(cumulated_plan_yuan(year.plan_yuan, row.annual_plan_yuan)),
        done_curve=tuple(cumulated_done_yuan(year.done_yuan, version.month.number)),
        nodes=tuple(_node(node, version.on) for node in nodes),
        problems=tuple(
            BriefProblem(one.title, one.unit_name, one.state.next_due_on, _left(left)) for one, left in problems
        ),
        last_visit_on=last,
        changes=changes,
        questions=questions(_situation(row, project, year, nodes, problems, version), _QUESTIONS),
        contacts=_contacts(roles),
    )


def _to_do(nodes: Sequence[PaperNode], today: date) -> list[PaperNode]:
    """Return the nodes of a brief: the latest three that are overdue, then the next three."""
    open_ = [node for node in nodes if node.actual_on is None]
    late = [node for node in open_ if node.planned_on < today]
    return [*late[-3:], *[node for node in open_ if node.planned_on >= today][:3]]


def _node(node: PaperNode, today: date) -> BriefNode:
    days = (node.planned_on - today).days
    state = f"▲ 逾期 {-days} 天" if days < 0 else ("今天到期" if days == 0 else f"还有 {days} 天")
    return BriefNode(node.name, node.planned_on, node.first_on, node.moves, state)


def _left(left: TimeLeft | None) -> str:
    if left is None:
        return "未设期限"
    if left.days < 0:
        return f"▲ 逾期 {-left.days} 天"
    return "今日到期" if left.days == 0 else f"剩 {left.workdays} 工作日"


def _situation(
    row: LedgerRow,
    project: PaperProject,
    year: PaperYear,
    nodes: Sequence[PaperNode],
    problems: Sequence[tuple[MatterRow, TimeLeft | None]],
    version: Version,
) -> Situation:
    is_planned = row.annual_plan_yuan > 0
    reported = year.done_yuan[: version.month.number]
    return Situation(
        today=version.on,
        stage=row.stage,
        start_planned_on=project.start_planned_on,
        is_started=project.started_on is not None,
        gap_pp=Fraction(100 * (row.ytd_done_yuan - row.curve_due_yuan), row.annual_plan_yuan) if is_planned else None,
        nodes=[OpenNode(node.name, node.planned_on, node.moves) for node in nodes],
        problems=[OpenProblem(one.title, one.unit_name, one.state.next_due_on) for one, _ in problems],
        missing_months=[n for n, done in enumerate(reported, start=1) if done is None] if is_planned else (),
    )


def _contacts(roles: Sequence[PaperRole]) -> tuple[tuple[str, str], ...]:
    """Return service unit, responsible person and liaison with their phones; what is missing is named."""
    wanted = (AssignmentRole.SERVICE_UNIT, AssignmentRole.CONTACT)
    found = five_ones([(one.role, " ".join(filter(None, (one.name, one.phone)))) for one in roles])
    return tuple((role.label, found.text(role)) for role in wanted)


def _letter(row: LedgerRow, known: _Known, per_month: int, version: Version) -> SponsorLetter:
    project, year = known.projects[row.id], known.years[row.id]
    leaders = [one for one in known.roles.get(row.id, []) if one.role is AssignmentRole.SPONSOR_LEADER]
    return SponsorLetter(
        project=row.name,
        code=project.code,
        year=version.month.year,
        leader="、".join(f"{one.name}（{one.title}）" if one.title else one.name for one in leaders),
        unit=row.unit_name or project.owner_name,
        county=row.county_name,
        place=" · ".join(part for part in (row.county_name, row.headquarters_name) if part),
        total_yuan=row.total_investment_yuan,
        plan_yuan=row.annual_plan_yuan,
        month_plan_yuan=year.plan_yuan,
        goal=year.goal,
        nodes=tuple(LetterNode(one.name, one.planned_on, one.actual_on) for one in known.nodes.get(row.id, [])),
        visits_per_month=per_month,
        signed_on=version.on,
    )


def _write(blocks: Sequence[Block], title: str, form: PaperForm, on: date, sheet: style.Sheet) -> bytes:
    made_at = datetime.combine(on, time(), UTC)
    if form is PaperForm.WORD:
        return write_word(blocks, title=title, made_at=made_at, sheet=sheet)
    fonts = (get_settings().data_dir / "fonts",)
    return write_pdf(blocks, title=title, made_at=made_at, font_folders=fonts, sheet=sheet)


def _file_name(title: str, form: PaperForm, version: Version) -> str:
    short = title if len(title) <= 60 else f"{title[:59]}…"
    return f"{short}_{version.stamp}.{form.value}"


def _mime(form: PaperForm) -> str:
    return DOCX if form is PaperForm.WORD else PDF
