"""What was just read for a preview, at hand for its confirmation in the same process; another process reads again."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any

MAX_FILES = 2
MAX_FILE_BYTES = 4 * 2**20  # a file read takes some twenty times its size


class RecentReadings:
    """
    The latest parsed files by what they depend on: kind, bytes, name, answers.

    A reading is handed out once: a confirmation follows a preview, and nothing is kept longer than it is useful.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._readings: OrderedDict[Hashable, Any] = OrderedDict()

    def get(self, key: Hashable, size: int, parse: Callable[[], Any]) -> Any:
        """Return what stands under *key*, else what *parse* returns; that is kept when the file has *size* ≤ limit."""
        with self._lock:
            if key in self._readings:
                return self._readings.pop(key)
        parsed = parse()
        if size <= MAX_FILE_BYTES:
            with self._lock:
                self._readings[key] = parsed
                while len(self._readings) > MAX_FILES:
                    self._readings.popitem(last=False)
        return parsed
