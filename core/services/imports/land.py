"""Plots of land as a kind of import."""

from collections.abc import Mapping

from sqlalchemy import Connection

from core.domain.period import AsOf
from core.domain.permissions import Actor, Permission
from core.importers.land.parse import parse_land
from core.importers.land.plot import ParsedLand
from core.importers.options import ReadOptions
from core.services.imports.land_check import CheckedLand, check_land


class LandImport:
    """地块: boundaries, areas and names of plots, from any land file."""

    code = "land"
    label = "地块边界"
    permission = Permission.IMPORT
    fields: Mapping[str, str] = {}

    def parse(self, data: bytes, file_name: str, options: ReadOptions) -> ParsedLand:
        """See ``parse_land``."""
        return parse_land(data, file_name, options)

    def check(
        self, connection: Connection, actor: Actor, parsed: ParsedLand, as_of: AsOf, options: ReadOptions
    ) -> CheckedLand:
        """See ``check_land``."""
        return check_land(connection, actor, parsed)
