"""What is known of earlier batches, and the blank templates."""

from core.domain.permissions import Actor
from core.importers.problems import PROBLEMS, Severity
from core.services import exports
from core.services.exports import ExportFile
from core.services.imports.kinds import allowed_kinds, open_kind
from db.queries import imports as queries
from db.queries.imports import BatchProblem, BatchRow
from db.session import read


def list_kinds(actor: Actor) -> tuple[tuple[str, str], ...]:
    """Return code and label of every kind that the actor may import."""
    return tuple((kind.code, kind.label) for kind in allowed_kinds(actor))


def list_fields(actor: Actor, kind_code: str) -> dict[str, str]:
    """Return code → label of the fields that a column of *kind_code* can fill; empty where columns mean nothing."""
    return next((dict(kind.fields) for kind in allowed_kinds(actor) if kind.code == kind_code), {})


def list_batches(actor: Actor, limit: int = 30) -> tuple[BatchRow, ...]:
    """Return the latest batches of the kinds that the actor may import."""
    kinds = [kind.code for kind in allowed_kinds(actor)]
    with read() as connection:
        return queries.list_batches(connection, kinds, limit)


def find_batch(actor: Actor, batch_id: int) -> BatchRow | None:
    """Return one batch of a kind that the actor may import."""
    kinds = {kind.code for kind in allowed_kinds(actor)}
    with read() as connection:
        batch = queries.find_batch(connection, batch_id)
    return batch if batch is not None and batch.kind in kinds else None


def list_problems(actor: Actor, batch_id: int) -> tuple[BatchProblem, ...]:
    """Return the problems that a batch was kept with."""
    kinds = {kind.code for kind in allowed_kinds(actor)}
    with read() as connection:
        batch = queries.find_batch(connection, batch_id)
        return tuple(queries.load_problems(connection, batch_id)) if batch and batch.kind in kinds else ()


def weight_of(code: str) -> Severity:
    """Return how much a problem weighs; a code of an older release counts as a warning."""
    kind = PROBLEMS.get(code)
    return kind.severity if kind is not None else Severity.WARN


def template(actor: Actor, kind_code: str) -> ExportFile:
    """
    Return an empty workbook of *kind_code* with the names of the store to choose from.

    Raises:
        PermissionDenied: The actor may not import this kind.
        NotFound: No such kind, or files of this kind come from other software (``has_template``).
    """
    return exports.template(actor, open_kind(actor, kind_code).code)


def has_template(kind_code: str) -> bool:
    """Return whether files of a kind can be filled in by hand from a template."""
    return kind_code in exports.TEMPLATES
