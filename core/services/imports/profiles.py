"""Confirmed mappings of columns, kept as profiles and recognised by the headers of the next table."""

from collections.abc import Mapping, Sequence

from core.domain.errors import Invalid, NotFound, Problem
from core.domain.permissions import Actor, require
from core.importers.columns.mapping import find_mapped, header_key
from core.importers.columns.profile import Profile
from core.importers.options import MappedColumn
from core.importers.read_sheet import ReadSheet
from core.services.imports.files import load_file
from core.services.imports.kinds import KINDS, allowed_kinds
from db.models.system import ImportProfile
from db.queries import import_profiles as queries
from db.queries.import_profiles import ProfileRow
from db.session import read, transaction

_NAME_LIMIT = 100
_NO_NAME = "请填写方案名称（不超过 100 字）。"
_NAME_TAKEN = "已有同名方案。请换一个名称，或先停用原方案。"
_NO_COLUMNS = "该文件没有可保存的列对应关系。"


def save_profile(actor: Actor, batch_id: int, name: str) -> int:
    """
    Keep the columns of a batch, as they were understood, under *name*; return the id of the profile.

    Raises:
        NotFound: No such batch.
        Invalid: No name, the name is taken, or the file has no columns.
    """
    file, _ = load_file(actor, batch_id, is_open=False)
    name = name.strip()
    columns = _columns(file.parse().sheets, KINDS[file.kind.code].fields, file.options.mapping)
    problems = []
    if not 0 < len(name) <= _NAME_LIMIT:
        problems.append(Problem("name", "missing", _NO_NAME))
    if not columns:
        problems.append(Problem("columns", "none", _NO_COLUMNS))
    options = file.options
    profile = Profile(columns, options.money_unit, options.date_order, options.decimal_mark)
    with transaction(actor) as tx:
        if queries.find_named(tx.connection, file.kind.code, name) is not None:
            problems.append(Problem("name", "taken", _NAME_TAKEN))
        if problems:
            raise Invalid(problems)
        values = {
            "kind": file.kind.code,
            "name": name,
            "mapping": profile.to_text(),
            "created_at": tx.at,
            "created_by": actor.login,
            "is_active": True,
        }
        return int(tx.insert(ImportProfile, values, reason=f"来自导入批次 {batch_id}"))


def _columns(
    sheets: Sequence[ReadSheet], known: Mapping[str, str], by_hand: Sequence[MappedColumn]
) -> tuple[MappedColumn, ...]:
    """Columns with a meaning, and those left out by hand; a unit only where somebody answered it."""
    found: dict[tuple[str, int], MappedColumn] = {}
    for sheet in sheets:
        seen: dict[str, int] = {}
        settled = find_mapped([column.header for column in sheet.columns], by_hand)
        for position, column in enumerate(sheet.columns):
            key = header_key(column.header)
            occurrence = seen[key] = seen.get(key, -1) + 1
            hand = settled.get(position)
            if hand is not None:
                found.setdefault((key, occurrence), MappedColumn(column.header, hand.field, hand.unit, occurrence))
            elif column.field in known and ":" not in column.field:
                found.setdefault((key, occurrence), MappedColumn(column.header, column.field, "", occurrence))
    return tuple(found.values())


def list_profiles(actor: Actor) -> tuple[ProfileRow, ...]:
    """Return the profiles in use of the kinds that the actor may import."""
    kinds = [kind.code for kind in allowed_kinds(actor)]
    with read() as connection:
        return queries.list_profiles(connection, kinds)


def retire_profile(actor: Actor, profile_id: int, *, expected_version: int) -> None:
    """
    Take a profile out of use; batches that used it keep pointing to it.

    Raises:
        NotFound: No such profile.
        Conflict: Somebody else changed it meanwhile.
    """
    allowed_kinds(actor)
    with transaction(actor) as tx:
        profile = queries.find_profile(tx.connection, profile_id)
        if profile is None:
            raise NotFound
        require(actor, KINDS[profile.kind].permission)
        # The name is free again: another profile may take it.
        retired = f"{profile.name[: _NAME_LIMIT - 24]}（停用 {profile.id}）"
        changes = {"is_active": False, "name": retired}
        tx.update(ImportProfile, profile_id, changes, expected_version=expected_version)
