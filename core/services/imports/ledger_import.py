"""The project ledger as a kind of import."""

from collections.abc import Mapping

from sqlalchemy import Connection

from core.domain.period import AsOf
from core.domain.permissions import Actor, Permission
from core.importers.columns.fields import FIELD_LABELS, FURTHER_LABELS
from core.importers.ledger import parse_ledger
from core.importers.options import ReadOptions
from core.importers.row import ParsedLedger
from core.services.imports.ledger_check import Checked, check_rows


class LedgerImport:
    """项目台账: projects with their year, money, people and dates."""

    code = "ledger"
    label = "项目台账"
    permission = Permission.IMPORT
    fields: Mapping[str, str] = FIELD_LABELS | FURTHER_LABELS

    def parse(self, data: bytes, file_name: str, options: ReadOptions) -> ParsedLedger:
        """See ``parse_ledger``."""
        return parse_ledger(data, file_name, options)

    def check(
        self, connection: Connection, actor: Actor, parsed: ParsedLedger, as_of: AsOf, options: ReadOptions
    ) -> Checked:
        """See ``check_rows``."""
        return check_rows(connection, actor, parsed, as_of, key=options.key)
