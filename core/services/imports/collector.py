"""Fewer looks for garbage while an import makes a million objects that are all still wanted."""

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_PATIENT = 100_000  # new objects before a look, instead of the usual 700
_lock = threading.Lock()
_usual: list[tuple[int, int, int]] = []


@contextmanager
def rare_collections() -> Iterator[None]:
    """Have the collector look rarely until the last of the imports that run at the same time is done."""
    with _lock:
        _usual.append(gc.get_threshold())
        gc.set_threshold(_PATIENT, *_usual[0][1:])
    try:
        yield
    finally:
        with _lock:
            first = _usual[0]
            _usual.pop()
            if not _usual:
                gc.set_threshold(*first)
