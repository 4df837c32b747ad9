"""A schedule file, whichever software wrote it: the content decides, not the name."""

import re

from core.importers.limits import MAX_BYTES
from core.importers.options import ReadOptions
from core.importers.problems import UnreadableFile
from core.importers.schedules.mspdi import NAMESPACE, read_mspdi
from core.importers.schedules.nodes import take_nodes
from core.importers.schedules.pmxml import read_pmxml
from core.importers.schedules.shape import ParsedSchedule, Schedule
from core.importers.schedules.xer import is_xer, read_xer

_MIB = 2**20
_HEAD_BYTES = 4000
_ROOT = re.compile(r"<(?:[\w.-]+:)?([A-Za-z][\w.-]*)")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def parse_schedule(data: bytes, options: ReadOptions) -> ParsedSchedule:
    """
    Return the nodes of a schedule.

    Args:
        data: MS Project XML, Primavera XER or Primavera XML.
        options: ``baseline`` and ``outline_level`` choose what becomes a node, ``project`` whose they are.

    Raises:
        UnreadableFile: Not a schedule, damaged, cut off, unsafe, or beyond the limits.
    """
    return take_nodes(_read(data), options)


def _read(data: bytes) -> list[Schedule]:
    if not data:
        raise UnreadableFile("file_empty")
    if len(data) > MAX_BYTES:
        raise UnreadableFile("file_too_large", size=f"{len(data) / _MIB:.0f} MB", limit=f"{MAX_BYTES // _MIB} MB")
    if is_xer(data):
        return read_xer(data)
    if data.startswith(_OLE):
        raise UnreadableFile("schedule_binary")
    head = data[:_HEAD_BYTES].replace(b"\0", b"").decode("latin-1")
    root = _ROOT.search(head)
    if root is None and "<" not in head:
        raise UnreadableFile("schedule_kind")
    if NAMESPACE in head or root is None or root[1] != "APIBusinessObjects":
        return read_mspdi(data)
    return read_pmxml(data)
