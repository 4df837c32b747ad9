"""OC4IDS packages as a kind of import: the same matching, checks and writes as the project ledger."""

from collections.abc import Mapping

from sqlalchemy import Connection

from core.domain.period import AsOf
from core.domain.permissions import Actor, Permission
from core.importers.oc4ids import parse_oc4ids
from core.importers.options import ReadOptions
from core.importers.row import ParsedLedger
from core.services.imports.ledger_check import Checked, check_rows


class Oc4idsImport:
    """OC4IDS 项目文件: projects of other systems in the open standard for infrastructure."""

    code = "oc4ids"
    label = "OC4IDS 项目文件"
    permission = Permission.IMPORT
    fields: Mapping[str, str] = {}

    def parse(self, data: bytes, file_name: str, options: ReadOptions) -> ParsedLedger:
        """See ``parse_oc4ids``."""
        return parse_oc4ids(data, options)

    def check(
        self, connection: Connection, actor: Actor, parsed: ParsedLedger, as_of: AsOf, options: ReadOptions
    ) -> Checked:
        """See ``check_rows``."""
        return check_rows(connection, actor, parsed, as_of, key=options.key)
