"""The tables beside the project ledger as kinds of import; ``core.services.imports.kinds`` offers them."""

from collections.abc import Callable, Mapping

from sqlalchemy import Connection

from core.domain.period import AsOf
from core.domain.permissions import Actor, Permission
from core.importers.options import ReadOptions
from core.importers.tables import kinds
from core.importers.tables.parse import parse_table
from core.importers.tables.spec import ParsedTable, TableKind
from core.services.imports import tables_bindings as bindings
from core.services.imports.tables_binding import Binding
from core.services.imports.tables_check import BoundCheck
from core.services.imports.tables_milestones import MilestoneCheck
from core.services.imports.tables_plan import TableChecked
from core.services.imports.tables_reports import ReportCheck
from core.services.imports.tables_rows import TableRows
from core.services.imports.tables_users import UserCheck

Check = Callable[[TableRows], TableChecked]


class TableImport:
    """One kind of table: read by its spec, held against the store by its check."""

    def __init__(self, kind: TableKind, check: Check, permission: Permission = Permission.IMPORT) -> None:
        self.kind = kind
        self._check = check
        self._permission = permission

    @property
    def code(self) -> str:
        return self.kind.code

    @property
    def label(self) -> str:
        return self.kind.label

    @property
    def permission(self) -> Permission:
        return self._permission

    @property
    def fields(self) -> Mapping[str, str]:
        return {spec.code: spec.label for spec in self.kind.fields}

    def parse(self, data: bytes, file_name: str, options: ReadOptions) -> ParsedTable:
        """See ``parse_table``."""
        return parse_table(self.kind, data, file_name, options)

    def check(
        self, connection: Connection, actor: Actor, parsed: ParsedTable, as_of: AsOf, options: ReadOptions
    ) -> TableChecked:
        """Hold the parsed table against the store, inside *actor*'s scope."""
        return self._check(TableRows(connection, actor, parsed, as_of, options))


def _bound(binding: Binding) -> Check:
    return lambda rows: BoundCheck(rows, binding).run()


TABLE_IMPORTS: tuple[TableImport, ...] = (
    TableImport(kinds.REPORTS, lambda rows: ReportCheck(rows).run()),
    TableImport(kinds.MILESTONES, lambda rows: MilestoneCheck(rows).run()),
    TableImport(kinds.PARCELS, _bound(bindings.PARCEL)),
    TableImport(kinds.PROBLEMS, _bound(bindings.PROBLEM)),
    TableImport(kinds.POLICIES, _bound(bindings.POLICY)),
    TableImport(kinds.ASSETS, _bound(bindings.ASSET)),
    TableImport(kinds.FUNDING, _bound(bindings.FUNDING_BID)),
    TableImport(kinds.PEOPLE, _bound(bindings.PERSON)),
    TableImport(kinds.UNITS, _bound(bindings.UNIT)),
    TableImport(kinds.USERS, lambda rows: UserCheck(rows).run(), Permission.MANAGE_USERS),
)
