"""Every kind of import, by the word that names it on the command line and in ``import_batch.kind``."""

from typing import Any

from core.domain.errors import NotFound, PermissionDenied
from core.domain.permissions import Actor, require
from core.services.imports.boundaries import BoundariesImport
from core.services.imports.kind import ImportKind, ParsedT
from core.services.imports.land import LandImport
from core.services.imports.ledger_import import LedgerImport
from core.services.imports.oc4ids import Oc4idsImport
from core.services.imports.schedule import ScheduleImport
from core.services.imports.tables_registry import TABLE_IMPORTS

AnyKind = ImportKind[Any]


def _kind(kind: ImportKind[ParsedT]) -> AnyKind:
    """Let the type checker compare a kind with what the engine asks."""
    return kind


# One line per kind, in the order in which the screen offers them.
_ALL: tuple[AnyKind, ...] = (
    _kind(LedgerImport()),
    *(_kind(table) for table in TABLE_IMPORTS),
    _kind(ScheduleImport()),
    _kind(LandImport()),
    _kind(BoundariesImport()),
    _kind(Oc4idsImport()),
)
KINDS: dict[str, AnyKind] = {kind.code: kind for kind in _ALL}


def allowed_kinds(actor: Actor) -> tuple[AnyKind, ...]:
    """
    Return the kinds that *actor* may import.

    Raises:
        PermissionDenied: None at all.
    """
    allowed = tuple(kind for kind in _ALL if actor.can(kind.permission))
    if not allowed:
        raise PermissionDenied("您没有“导入台账”权限。如确需办理，请联系安全管理员授权。")
    return allowed


def open_kind(actor: Actor, code: str) -> AnyKind:
    """
    Return the kind *code* for *actor* to import.

    Raises:
        PermissionDenied: The actor may not import this kind.
        NotFound: There is no such kind.
    """
    kind = KINDS.get(code)
    if kind is None:
        allowed_kinds(actor)
        raise NotFound(f"没有“{code}”这类导入内容。可选：{'、'.join(KINDS)}。")
    require(actor, kind.permission)
    return kind
