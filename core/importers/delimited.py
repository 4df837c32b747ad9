"""Delimited text (csv, tsv, txt): find the encoding and the separator, then split."""

import csv
import re
from collections import Counter
from io import StringIO

from core.importers.cells.guarded import unguard
from core.importers.encodings import DecodedText, decode, decode_text
from core.importers.problems import UnreadableFile

__all__ = ["decode_text", "read_delimited"]

_SEPARATORS = ",\t;|"
_FIELD_LIMIT = 1_000_000  # one cell; a longer one is an unclosed quote, not text
_SAMPLED_LINES = 60
_SAMPLED_TEXT = 200_000
_LINE_END = re.compile(r"\r\n|\r|\n")  # not every mark that text may break at: a cell may hold those


def read_delimited(data: bytes) -> tuple[list[list[str]], DecodedText]:
    """
    Return the records of delimited text and how it was decoded; a quoted cell may hold line breaks.

    The position in the list is the row number of a spreadsheet that opens the file, not the line of the text.

    Raises:
        UnreadableFile: Unknown encoding, or not delimited text.
    """
    decoded = decode(data)
    text = decoded.text.replace("\x00", "")
    csv.field_size_limit(_FIELD_LIMIT)
    try:
        return _records(text, _separator(text)), decoded
    except csv.Error as error:
        raise UnreadableFile("file_damaged") from error


def _records(text: str, separator: str) -> list[list[str]]:
    records = csv.reader(StringIO(text, newline=""), delimiter=separator)
    return [[unguard(cell) for cell in record] for record in records]


def _separator(text: str) -> str:
    """Return the separator that cuts most lines into the same number of cells; a comma when none cuts any."""
    lines = _LINE_END.split(text[:_SAMPLED_TEXT])[:_SAMPLED_LINES]
    sample = "\n".join(line for line in lines if line.strip())
    return max(_SEPARATORS, key=lambda mark: _regularity(sample, mark))


def _regularity(sample: str, mark: str) -> tuple[float, int]:
    """Return the share of lines cut into the usual number of cells, and that number."""
    try:
        records = _records(sample, mark)
    except csv.Error:
        return 0.0, 0
    sizes = Counter(len(record) for record in records if len(record) > 1)
    if not sizes:
        return 0.0, 0
    size, count = max(sizes.items(), key=lambda item: (item[1], item[0]))
    return round(count / len(records), 1), size
