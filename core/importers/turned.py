"""Tables with a project per column: turned before they are read; findings are put back where they stand in the file."""

from dataclasses import dataclass, replace

from core.importers.columns.fields import Column
from core.importers.columns.guess_header import guess_header
from core.importers.columns.header import Header, find_header
from core.importers.columns.meaning import meaning_of
from core.importers.limits import MAX_COLUMNS
from core.importers.mends import apply_mends
from core.importers.options import ReadOptions
from core.importers.problems import ImportProblem
from core.importers.sheet import Cell, Sheet, column_letter

_LABEL_COLUMNS = 6
_LEAST_FIELDS = 4  # a heading column of fewer words may be chance


@dataclass(frozen=True, slots=True)
class Layout:
    """
    A sheet as it is read.

    Attributes:
        is_turned: Its rows are the columns of the file.
        question: Code of the question that a guessed header raises, about the column ``asked``.
    """

    sheet: Sheet
    header: Header[Column] | None
    is_turned: bool = False
    question: str = ""
    asked: Column | None = None


def lay_out(sheet: Sheet, options: ReadOptions) -> Layout:
    """
    Return *sheet* as it is, or turned when its first columns name more fields than any of its rows.

    Mended cells are put in afterwards: a mend changes no layout, and those of a turned sheet are counted in its rows.
    """
    header = find_header(sheet, options.mapping)
    is_turned = _is_turned(sheet, header, options)
    upright = turn(sheet) if is_turned else sheet
    (mended,) = apply_mends((upright,), options.mends)
    if mended is not sheet:
        header = find_header(mended, options.mapping)
    guessed = guess_header(mended, options.mapping) if header is None else None
    if guessed:
        return Layout(mended, guessed.header, False, guessed.code, guessed.name)
    return Layout(mended, header, is_turned)


def _is_turned(sheet: Sheet, header: Header[Column] | None, options: ReadOptions) -> bool:
    known = _known(header)
    if _best_column(sheet) < max(_LEAST_FIELDS, known + 1):
        return False
    return _known(find_header(turn(sheet), options.mapping)) > known


def _known(header: Header[Column] | None) -> int:
    return len({column.field for column in header.columns if column.field}) if header else 0


def _best_column(sheet: Sheet) -> int:
    """Return the most fields that one of the first columns names; a table too long for a turned one has none."""
    if len(sheet.cells) > MAX_COLUMNS:
        return 0
    fields = [
        {meaning_of((text,)) for row in sheet.cells if (text := _word(row, column))} - {None}
        for column in range(_LABEL_COLUMNS)
    ]
    return max(map(len, fields))


def _word(row: list[Cell], column: int) -> str:
    value = row[column] if column < len(row) else None
    return value.strip() if isinstance(value, str) and len(value) <= 40 else ""


def turn(sheet: Sheet) -> Sheet:
    """Return *sheet* with rows and columns exchanged; titles above the table become its caption."""
    first = _first_labelled_row(sheet)
    title = [str(value) for row in sheet.cells[:first] for value in row if value not in (None, "")]
    width = max((len(row) for row in sheet.cells), default=0)
    rows: list[list[Cell]] = [[] for _ in range(first)] + sheet.cells[first:]
    cells = [[row[column] if column < len(row) else None for row in rows] for column in range(width)]
    merges = tuple(((left, top), (right, bottom)) for (top, left), (bottom, right) in sheet.merges if top >= first)
    caption = "\n".join(text for text in (sheet.caption, *title) if text)
    return replace(sheet, cells=cells, merges=merges, hidden_rows=frozenset(), signals={}, caption=caption)


def _first_labelled_row(sheet: Sheet) -> int:
    for number, row in enumerate(sheet.cells):
        if sum(value not in (None, "") for value in row) > 1:
            return number
    return 0


def put_back(problem: ImportProblem, columns: tuple[Column, ...], header_row: int) -> ImportProblem:
    """
    Return *problem* of a turned sheet at its row and column of the file.

    Args:
        header_row: Row number of the header in the turned sheet.
    """
    label = problem.column
    if not problem.row and not label:
        return problem
    column = next((one for one in columns if one.label == label), None)
    column = column or next(one for one in columns if one.field is not None and one.field.value == "name")
    place = f"{column_letter((problem.row or header_row) - 1)} {column.header}"
    return replace(problem, row=column.index + 1, column=place, read_at=(problem.row, problem.column))
