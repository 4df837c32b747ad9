"""XML that a user sent, read as a stream of events: no DTD, no entity of its own, nothing fetched, nesting bounded."""

from collections.abc import Callable, Mapping
from xml.parsers.expat import ExpatError, ParserCreate

from core.importers.problems import UnreadableFile

_MAX_DEPTH = 400
_SPACE = "\n"  # between namespace and local name; no name can hold it

Start = Callable[[str, Mapping[str, str]], None]
End = Callable[[str], None]
Text = Callable[[str], None]


def read_xml(xml: bytes, start: Start, end: End, text: Text) -> None:
    """
    Call *start* (name, attributes), *end* (name) and *text* for the document *xml*; names come without namespace.

    Raises:
        UnreadableFile: A DTD (with it come entities of all kinds), deep nesting, or not well-formed.
    """
    parser = ParserCreate(namespace_separator=_SPACE)
    parser.buffer_text = True
    depth = 0

    def on_start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > _MAX_DEPTH:
            raise UnreadableFile("file_damaged")
        start(_local(name), {_local(key): value for key, value in attributes.items()})

    def on_end(name: str) -> None:
        nonlocal depth
        depth -= 1
        end(_local(name))

    parser.StartElementHandler = on_start
    parser.EndElementHandler = on_end
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = _refuse_doctype
    try:
        parser.Parse(xml, True)
    except (ExpatError, ValueError, LookupError) as error:
        raise UnreadableFile("file_damaged") from error


def _refuse_doctype(*_declaration: object) -> None:
    raise UnreadableFile("file_entities")


def _local(name: str) -> str:
    return name.rpartition(_SPACE)[2]
