"""What a preview read and checked, at hand for its confirmation; another process does both again."""

import threading
from collections import OrderedDict
from dataclasses import dataclass

from core.domain.period import AsOf
from core.domain.permissions import Actor
from core.services.imports.files import ImportFile
from core.services.imports.kind import Checked, Parsed

MAX_CHECKS = 2
MAX_FILE_BYTES = 4 * 2**20  # a file takes some twenty times its size once it is read


@dataclass(frozen=True, slots=True)
class RecentCheck:
    """
    A file as it was read, held against the store.

    Attributes:
        actor, as_of: Whose scope and which day the check was made for.
        data_version: End of the audit chain before the check: when nothing but imports stands behind it, the check
            would come out the same.
    """

    file: ImportFile
    actor: Actor
    as_of: AsOf
    data_version: int
    parsed: Parsed
    checked: Checked


class RecentChecks:
    """The latest checks by store and batch. Each is handed out once, and nothing large is kept."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._checks: OrderedDict[tuple[str, int], RecentCheck] = OrderedDict()

    def keep(self, store_url: str, batch_id: int, check: RecentCheck) -> None:
        """Keep *check*, if its file is not too large, until ``take`` or until others push it out."""
        if len(check.file.data) > MAX_FILE_BYTES:
            return
        with self._lock:
            self._checks[store_url, batch_id] = check
            self._checks.move_to_end((store_url, batch_id))
            while len(self._checks) > MAX_CHECKS:
                self._checks.popitem(last=False)

    def take(self, store_url: str, batch_id: int, file: ImportFile) -> RecentCheck | None:
        """Return the check of a batch and let go of it; None when it was made of another file or other answers."""
        with self._lock:
            check = self._checks.pop((store_url, batch_id), None)
        return check if check is not None and check.file == file else None
