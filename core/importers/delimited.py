"""Delimited text (csv, tsv, txt): find the encoding and the separator, then split."""

import csv
from io import StringIO

from core.importers.cells.guarded import unguard
from core.importers.problems import UnreadableFile

_SEPARATORS = ",\t;|"
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_FIELD_LIMIT = 1_000_000  # one cell; a longer one is an unclosed quote, not text


def decode_text(data: bytes) -> str:
    """
    Return the text of *data*: byte order mark first, then UTF-8, UTF-16 without mark, GB18030.

    Raises:
        UnreadableFile: None of them fits.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _try(data, encoding)
    # ASCII digits and separators make every second byte of UTF-16 zero.
    zeros = data[:4000].count(0)
    if zeros > len(data[:4000]) // 10:
        return _try(data, "utf-16-le" if data[1:4000:2].count(0) >= zeros / 2 else "utf-16-be")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _try(data, "gb18030")


def _try(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableFile("file_encoding") from error


def read_delimited(data: bytes) -> list[list[str]]:
    """
    Return the records of delimited text; a quoted cell may hold line breaks.

    The position in the list is the row number of a spreadsheet that opens the file, not the line of the text.

    Raises:
        UnreadableFile: Unknown encoding, or not delimited text.
    """
    text = decode_text(data).replace("\x00", "")
    csv.field_size_limit(_FIELD_LIMIT)
    try:
        records = csv.reader(StringIO(text, newline=""), delimiter=_separator(text))
        return [[unguard(cell) for cell in record] for record in records]
    except csv.Error as error:
        raise UnreadableFile("file_damaged") from error


def _separator(text: str) -> str:
    """Return the separator that splits most of the first lines; a comma when none does."""
    lines = [line for line in text.splitlines()[:60] if line.strip()]
    return max(
        _SEPARATORS,
        key=lambda mark: sum(mark in line for line in lines) * 1000 + sum(line.count(mark) for line in lines),
    )
