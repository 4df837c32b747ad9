"""Set-aside rows mended in place: in a checked batch, or in a child of an applied one."""

from collections.abc import Sequence
from dataclasses import replace

from core.domain.errors import Invalid, Problem
from core.domain.permissions import Actor
from core.domain.terms import BatchStatus
from core.importers.mends import NAME_LIMIT
from core.importers.options import Mend
from core.services.imports.batches import check_received
from core.services.imports.files import load_file, receive
from core.services.imports.views import Preview
from db import imports as batch_files
from db.queries import imports as queries
from db.session import read, transaction

_MOST_MENDS = 5_000
_LONGEST = 4_000
_TOO_MANY = f"一次最多修改 {_MOST_MENDS:,} 个单元格。请分批修改，或在原文件中修改后重新上传。"
_TOO_LONG = f"单元格内容超过 {_LONGEST:,} 字，请缩短。"
_NO_CELL = "指定的单元格不存在。请刷新页面后重试。"
_NOT_APPLIED = "只有已导入的批次可以补导未导入的行；尚未确认的批次请直接修改。"
_NOTHING_LEFT = "该批次没有未导入的行。"


def mend(actor: Actor, batch_id: int, mends: Sequence[Mend]) -> Preview:
    """
    Keep mended cells of a checked batch and check it again; the file itself stays as it came.

    Raises:
        NotFound: No such batch.
        Invalid: The batch is not open any more, or a cell is too long or impossible.
    """
    load_file(actor, batch_id)
    _refuse(mends)
    with transaction(actor) as tx:
        stamp = {"mended_at": tx.at, "mended_by": actor.login}
        cells = [
            {"sheet": one.sheet[:NAME_LIMIT], "row": one.row, "column": one.column, "value": one.value} for one in mends
        ]
        batch_files.put_mends(tx.connection, batch_id, [cell | stamp for cell in cells])
        tx.record("mend", "import_batch", batch_id, new={"cells": cells})
    file, _ = load_file(actor, batch_id)
    return check_received(actor, batch_id, file)


def rerun(actor: Actor, batch_id: int) -> Preview:
    """
    Open the set-aside rows of an applied batch as a batch of their own, which can be mended and applied alone.

    Raises:
        NotFound: No such batch.
        Invalid: Not applied, or nothing was set aside.
    """
    file, plan = load_file(actor, batch_id, is_open=False)
    with read() as connection:
        batch = queries.find_batch(connection, batch_id)
    if batch is None or batch.status != BatchStatus.APPLIED:
        raise Invalid([Problem("batch", "not_applied", _NOT_APPLIED)])
    if not plan.quarantined:
        raise Invalid([Problem("batch", "nothing_left", _NOTHING_LEFT)])
    again = replace(file, options=replace(file.options, only=frozenset(plan.quarantined)))
    with transaction(actor) as tx:
        child_id = receive(tx, again, parent_id=batch_id)
    return check_received(actor, child_id, again)


def _refuse(mends: Sequence[Mend]) -> None:
    problems = []
    if len(mends) > _MOST_MENDS:
        problems.append(Problem("cells", "too_many", _TOO_MANY))
    if any(len(one.value) > _LONGEST for one in mends):
        problems.append(Problem("cells", "too_long", _TOO_LONG))
    if any(one.row < 1 or not 0 <= one.column < 16_384 for one in mends):
        problems.append(Problem("cells", "no_cell", _NO_CELL))
    if problems:
        raise Invalid(problems)
