"""XML from strangers → records: streamed by expat, without DTD, entities or network, bounded in size and depth."""

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from xml.parsers import expat

from core.importers.problems import UnreadableFile
from core.importers.schedules.shape import MAX_TASKS

_MAX_DEPTH = 60
_MAX_ELEMENTS = 6_000_000
_MAX_TEXT = 10_000
_DECLARED = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
# Encodings that expat reads by itself.
_OWN = frozenset({"utf-8", "utf8", "utf-16", "utf-16le", "utf-16be", "us-ascii", "ascii", "iso-8859-1"})


@dataclass(slots=True)
class Record:
    """
    An element that stands for a thing (a project, a task), with the text of its direct leaves.

    Attributes:
        line: Line of the file on which it begins.
    """

    tag: str
    line: int
    fields: dict[str, str] = field(default_factory=dict)
    children: list["Record"] = field(default_factory=list)

    def get(self, name: str) -> str:
        """Return the trimmed text of leaf *name*, empty when there is none."""
        return self.fields.get(name, "").strip()

    def of(self, tag: str) -> list["Record"]:
        """Return the records called *tag* inside this one."""
        return [child for child in self.children if child.tag == tag]


class _Refused(Exception):
    """Something that no schedule needs and an attack does."""


class _Collector:
    def __init__(self, parser: expat.XMLParserType, records: Collection[str], skipped: Collection[str]) -> None:
        self._parser = parser
        self._records = records
        self._skipped = skipped
        self._stack: list[Record | None] = []
        self._skip_depth = 0
        self._elements = 0
        self._leaf = ""
        self._text: list[str] = []
        self._length = 0
        self._found = 0
        self.root: Record | None = None
        self.namespace = ""

    def start(self, name: str, _attributes: dict[str, str]) -> None:
        self._elements += 1
        if self._elements > _MAX_ELEMENTS or len(self._stack) + self._skip_depth >= _MAX_DEPTH:
            raise _Refused
        namespace, _, tag = name.rpartition(" ")
        if self._skip_depth or (self._stack and tag in self._skipped):
            self._skip_depth += 1
            return
        if self.root is None:
            self.namespace = namespace
        if self.root is None or tag in self._records:
            self._stack.append(self._begin(tag))
        else:
            is_leaf = self._stack[-1] is not None
            self._leaf = tag if is_leaf else ""
            self._text, self._length = [], 0
            self._stack.append(None)

    def _begin(self, tag: str) -> Record:
        parent = next((record for record in reversed(self._stack) if record is not None), None)
        record = Record(tag, self._parser.CurrentLineNumber)
        self._leaf = ""
        self._found += 1
        if self._found > MAX_TASKS * 12:  # eleven baselines and the task itself
            raise _Refused
        if parent is None:
            self.root = record
        else:
            parent.children.append(record)
        return record

    def end(self, _name: str) -> None:
        if self._skip_depth:
            self._skip_depth -= 1
            return
        ended = self._stack.pop()
        if ended is None and self._leaf and self._stack and (holder := self._stack[-1]) is not None:
            holder.fields[self._leaf] = "".join(self._text)
        self._leaf = ""

    def text(self, data: str) -> None:
        if self._leaf and not self._skip_depth and self._length < _MAX_TEXT:
            self._text.append(data[: _MAX_TEXT - self._length])
            self._length += len(data)


def read_records(data: bytes, records: Collection[str], skipped: Collection[str]) -> tuple[str, Record]:
    """
    Return the namespace of the root and the root with everything called one of *records* below it.

    Args:
        data: The file.
        records: Local names of elements that become records.
        skipped: Local names of elements that are passed over with all they hold.

    Raises:
        UnreadableFile: Damaged or cut off (the line is named), an unknown encoding, or a file that declares entities,
            nests or multiplies beyond every real schedule.
    """
    content, encoding = _decoded(data)
    parser = expat.ParserCreate(encoding, namespace_separator=" ")
    parser.buffer_text = True
    collector = _Collector(parser, frozenset(records), frozenset(skipped))
    parser.StartElementHandler = collector.start
    parser.EndElementHandler = collector.end
    parser.CharacterDataHandler = collector.text
    parser.StartDoctypeDeclHandler = _refuse
    parser.EntityDeclHandler = _refuse
    parser.ExternalEntityRefHandler = _refuse
    try:
        parser.Parse(content, True)
    except _Refused as error:
        raise UnreadableFile("schedule_unsafe", line=parser.CurrentLineNumber) from error
    except (expat.ExpatError, ValueError) as error:
        raise UnreadableFile("schedule_damaged", line=parser.CurrentLineNumber) from error
    assert collector.root is not None  # noqa: S101 - a document that parses has a root
    return collector.namespace, collector.root


def _refuse(*_arguments: object) -> int:
    raise _Refused


def _decoded(data: bytes) -> tuple[bytes, str | None]:
    """Return the content as expat can read it and the encoding to force; None = what the file declares."""
    declared = _DECLARED.search(data[:400])
    if declared is None or declared[1].decode().lower() in _OWN:
        return data, None
    name = declared[1].decode().lower()
    codec = "gb18030" if name.startswith("gb") else name
    if not re.fullmatch(r"gb18030|big5|windows-125\d|cp125\d|iso-8859-\d{1,2}", codec):
        raise UnreadableFile("file_encoding")
    try:
        return data.decode(codec).encode(), "utf-8"
    except UnicodeDecodeError as error:
        raise UnreadableFile("file_encoding") from error
