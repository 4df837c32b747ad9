"""One watcher per process: it looks at the head of the store while somebody waits, and wakes whom a change concerns."""

import asyncio
import contextlib
from collections.abc import Callable
from weakref import WeakKeyDictionary

from starlette.concurrency import run_in_threadpool

from core.services import figures
from core.services.figures import Version

LOOK_SECONDS = 0.15
# Questions that come this close together share one look.
SHARE_SECONDS = 0.05


class Watch:
    """
    Waiters of one event loop share one look at the store every ``LOOK_SECONDS``; nobody waits = no look.

    Attributes:
        looks: How often the store was asked.
    """

    def __init__(self, look: Callable[[], Version] = figures.version) -> None:
        self._look = look
        self._waiting: dict[asyncio.Future[Version], Callable[[Version], bool]] = {}
        self._keeping: asyncio.Task[None] | None = None
        self._asking: asyncio.Task[Version] | None = None
        self._seen: tuple[float, Version] | None = None
        self.looks = 0

    async def wait(self, concerns: Callable[[Version], bool], seconds: float) -> Version | None:
        """
        Return the first version for which *concerns* is true, None when there was none within *seconds*.

        0 seconds answer by the present version. Raises what looking at the store raises.
        """
        version = await self._version()
        if concerns(version):
            return version
        if seconds <= 0:
            return None
        future: asyncio.Future[Version] = asyncio.get_running_loop().create_future()
        self._waiting[future] = concerns
        if self._keeping is None:
            self._keeping = asyncio.ensure_future(self._keep_looking())
        try:
            with contextlib.suppress(TimeoutError):
                return await asyncio.wait_for(future, seconds)
            return None
        finally:
            self._waiting.pop(future, None)

    async def _version(self) -> Version:
        if self._seen is not None and asyncio.get_running_loop().time() - self._seen[0] < SHARE_SECONDS:
            return self._seen[1]
        if self._asking is None:
            self._asking = asyncio.ensure_future(self._ask())
        return await asyncio.shield(self._asking)

    async def _ask(self) -> Version:
        """Ask the store. What it says is as old as the question, not as the answer."""
        asked_at = asyncio.get_running_loop().time()
        self.looks += 1
        try:
            version = await run_in_threadpool(self._look)
        finally:
            self._asking = None
        self._seen = (asked_at, version)
        return version

    async def _keep_looking(self) -> None:
        try:
            while self._waiting:
                await asyncio.sleep(LOOK_SECONDS)
                if self._waiting:
                    await self._tell()
        finally:
            self._keeping = None

    async def _tell(self) -> None:
        try:
            version = await self._version()
        except Exception as error:  # whatever the store says, every waiter must hear it, not only this task
            for future in [future for future in self._waiting if not future.done()]:
                future.set_exception(error)
            return
        for future, concerns in list(self._waiting.items()):
            if not future.done() and concerns(version):
                future.set_result(version)


_watches: "WeakKeyDictionary[asyncio.AbstractEventLoop, Watch]" = WeakKeyDictionary()


def watch() -> Watch:
    """Return the watcher of the running event loop."""
    loop = asyncio.get_running_loop()
    found = _watches.get(loop)
    if found is None:
        found = _watches[loop] = Watch()
    return found
