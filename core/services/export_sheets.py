"""What can go out: the project ledger with everything the importer reads, and every other table."""

from collections.abc import Iterator, Sequence

from core.domain.ledger import ProjectSort
from core.domain.period import Month
from core.exporters import project_ledger
from core.exporters.layout import SheetLayout, Value
from core.services.export_requests import MadeSheet, Request, SheetKind
from core.services.export_tables import table_sheets
from core.settings import get_settings
from db.queries import exports as queries
from db.queries.import_targets import load_names, load_targets
from db.queries.projects import find_ids

CHUNK = 500
_NO_LIMIT = 10_000_000


def _ledger(request: Request) -> MadeSheet:
    connection, month = request.connection, request.as_of.month
    scope, wanted = request.actor.scope, request.wanted
    ids = find_ids(connection, scope, wanted, ProjectSort.NAME, month.year, limit=_NO_LIMIT)
    columns = project_ledger.columns(month)
    layout = SheetLayout(
        project_ledger.SHEET,
        f"{get_settings().city_name}{month.year}年重大项目台账",
        columns,
        note=request.line(f"投资统计 {month.span_label}"),
        unit="单位：万元",
        frozen=4,
        kind=project_ledger.KIND,
    )
    sums = queries.ledger_sums(connection, scope, wanted, month)
    total = project_ledger.total_cells(columns, len(ids), sums)
    return MadeSheet(layout, _ledger_rows(request, ids, month), total)


def _ledger_count(request: Request) -> int:
    return queries.count_matching(request.connection, request.actor.scope, request.wanted, request.as_of.year)


def _ledger_rows(request: Request, ids: Sequence[int], month: Month) -> Iterator[tuple[Value, ...]]:
    connection = request.connection
    book = project_ledger.NameBook(load_names(connection), queries.load_phones(connection))
    for start in range(0, len(ids), CHUNK):
        chunk = ids[start : start + CHUNK]
        found = load_targets(connection, chunk, month.year, request.as_of.on)
        for number, project_id in enumerate(chunk, start=start + 1):
            yield project_ledger.cells(number, found[project_id], book, month)


def _ledger_template(request: Request) -> SheetLayout:
    names = load_names(request.connection)
    choices = project_ledger.Choices(
        tuple(name for _, name, _ in names.counties),
        tuple(name for _, name, _ in names.headquarters),
        tuple(name for _, name in names.units),
    )
    year = request.as_of.year
    columns = project_ledger.columns(Month(year, 12), choices)
    title = f"{year}年重大项目台账"
    return SheetLayout(project_ledger.SHEET, title, columns, unit="单位：万元", frozen=4, kind=project_ledger.KIND)


LEDGER = SheetKind(
    project_ledger.KIND,
    "重大项目台账",
    "导入中心能读回的全部栏目：计划、月度计划、资金来源、完成、责任单位和责任人。",
    _ledger,
    _ledger_count,
    _ledger_template,
    (
        "一行一个项目。项目编号、项目代码用于识别老项目，请尽量填写。",
        "累计完成投资须写明截至月份，例如把表头“1-12月累计完成投资”改为“1-8月累计完成投资”。",
        "起止年限写成 2025.3-2027.12。多位领导或责任人用顿号分开。",
    ),
)

SHEETS: dict[str, SheetKind] = {sheet.code: sheet for sheet in (LEDGER, *table_sheets())}
