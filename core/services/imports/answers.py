"""What the user decided where a file leaves a choice, and how a batch keeps it until the confirmation."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Any

from core.importers.options import MappedColumn, Mend, ReadOptions
from core.services.imports.kind import Checked
from db.queries.import_targets import load_names
from db.session import current_store

KEYS = ("auto", "code", "name_county")


@dataclass(frozen=True, slots=True)
class Answers:
    """
    What the user decided where the file leaves a choice.

    Attributes:
        year: Year to prefer; ``None`` = the year of today's figures.
        month: Last month of cumulated figures when the file names none.
        money_unit: 亿元, 万元 or 元 when neither file nor amounts tell; empty = not asked.
        accept_large_amounts: Amounts refused for their size have been checked.
        crs: Coordinate system of a land file that names none.
        date_order: ``day_first`` or ``month_first`` when the dates of a column can be read both ways.
        decimal_mark: ``.`` or ``,`` when the numbers of a column can be read both ways.
        mapping: Columns settled by hand; they outweigh a profile.
        key: How rows are matched with the store: one of ``KEYS``.
        review_number: 审图号 of a map of county boundaries that names none.
        project: Code or name of the project a schedule belongs to; empty = as the schedule says.
        outline_level: Level of a schedule's summary tasks that become nodes; ``None`` = milestones only.
        baseline: Number of the schedule's baseline that is the plan in force.
        profile_id: Profile to use; 0 = none although one fits; ``None`` = the one that fits, if any.
    """

    year: int | None = None
    month: int | None = None
    money_unit: str = ""
    accept_large_amounts: bool = False
    crs: str = ""
    date_order: str = ""
    decimal_mark: str = ""
    mapping: tuple[MappedColumn, ...] = ()
    key: str = "auto"
    project: str = ""
    outline_level: int | None = None
    baseline: int = 0
    profile_id: int | None = None
    review_number: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """How a kept file is read again, and what was shown of it: digest and set-aside rows."""

    options: ReadOptions
    digest: str
    quarantined: tuple[tuple[str, int], ...] = ()

    def to_text(self) -> str:
        """Return the plan as JSON; mended cells have a table of their own."""
        options: dict[str, Any] = asdict(replace(self.options, mends=()))
        options |= {"counties": sorted(self.options.counties), "only": sorted(self.options.only)}
        del options["mends"]
        return json.dumps(
            {"options": options, "digest": self.digest, "quarantined": self.quarantined}, ensure_ascii=False
        )

    @classmethod
    def of(cls, options: ReadOptions, checked: Checked) -> "Plan":
        """Return the plan of what was just checked."""
        return cls(options, checked.digest(), tuple((row.sheet, row.row) for row in checked.quarantined))

    @classmethod
    def parse(cls, text: str, mends: Iterable[Mend] = ()) -> "Plan":
        """Return the plan kept as *text*, with the *mends* of its batch."""
        kept = json.loads(text)
        options = kept["options"]
        options["counties"] = frozenset(options["counties"])
        options["only"] = frozenset((sheet, row) for sheet, row in options["only"])
        options["mapping"] = tuple(MappedColumn(**column) for column in options["mapping"])
        rows = tuple((sheet, row) for sheet, row in kept["quarantined"])
        return cls(ReadOptions(**options, mends=tuple(mends)), kept["digest"], rows)


def read_options(answers: Answers) -> ReadOptions:
    """Return *answers* as the importers want them, with the counties of the store."""
    store = current_store()
    with store.read() as connection:
        counties = frozenset(name for _, name, _ in load_names(connection).counties)
    return ReadOptions(
        year=answers.year or store.as_of().year,
        counties=counties,
        month=answers.month,
        money_unit=answers.money_unit,
        accept_large_amounts=answers.accept_large_amounts,
        crs=answers.crs,
        date_order=answers.date_order,
        decimal_mark=answers.decimal_mark,
        mapping=answers.mapping,
        key=answers.key,
        review_number=answers.review_number.strip(),
        project=answers.project.strip(),
        outline_level=answers.outline_level,
        baseline=answers.baseline,
    )


def add_answers(options: ReadOptions, answers: Answers, *, drops_mapping: bool = False) -> ReadOptions:
    """Return *options* with what *answers* say; what they leave open stays as it was answered before."""
    before = () if drops_mapping else options.mapping
    said = {(one.header, one.occurrence) for one in answers.mapping}
    kept = tuple(one for one in before if (one.header, one.occurrence) not in said)
    return replace(
        options,
        year=answers.year or options.year,
        month=answers.month or options.month,
        money_unit=answers.money_unit or options.money_unit,
        accept_large_amounts=answers.accept_large_amounts or options.accept_large_amounts,
        crs=answers.crs or options.crs,
        date_order=answers.date_order or options.date_order,
        review_number=answers.review_number.strip() or options.review_number,
        decimal_mark=answers.decimal_mark or options.decimal_mark,
        mapping=(*kept, *answers.mapping),
        key=answers.key if answers.key != "auto" else options.key,
        project=answers.project.strip() or options.project,
        outline_level=answers.outline_level or options.outline_level,
        baseline=answers.baseline or options.baseline,
    )
