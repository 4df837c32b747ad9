"""A project as a schedule names it → the stored one. Codes and names must be the same; near names are only proposed."""

from collections import defaultdict
from collections.abc import Sequence

from rapidfuzz import fuzz, process
from sqlalchemy import Connection

from core.domain.permissions import Actor
from core.importers.cells.text import match_key
from core.services.imports.names import Ambiguous
from db.queries.import_targets import ProjectKey, load_keys, load_visible_ids

LEAST_RATIO = 70
_MOST_NEAR = 3


class ProjectFinder:
    """Finds projects by code or name among all of the store; what it proposes lies inside the actor's scope."""

    def __init__(self, connection: Connection, actor: Actor) -> None:
        self._connection = connection
        self._actor = actor
        self._keys = load_keys(connection)
        self._codes: dict[str, list[ProjectKey]] = defaultdict(list)
        self._names: dict[str, list[ProjectKey]] = defaultdict(list)
        for key in self._keys:
            self._names[match_key(key.name)].append(key)
            for code in {key.code, key.national_code} - {None, ""}:
                self._codes[str(code).upper()].append(key)

    def find(self, words: Sequence[str]) -> ProjectKey | None:
        """
        Return the project that the first telling one of *words* is code or name of.

        Raises:
            Ambiguous: Several projects bear the code or name.
        """
        for word in words:
            found = self._codes.get(word.strip().upper()) or self._names.get(match_key(word), [])
            if len(found) > 1:
                raise Ambiguous
            if found:
                return found[0]
        return None

    def is_visible(self, project_id: int) -> bool:
        """Return whether the project lies inside the actor's scope."""
        return project_id in load_visible_ids(self._connection, self._actor.scope, [project_id])

    def near(self, words: Sequence[str]) -> list[ProjectKey]:
        """Return the visible projects whose names are nearest to *words*, the nearest first."""
        names = list(self._names)
        best: dict[str, float] = {}
        for word in words:
            for name, ratio, _ in process.extract(
                match_key(word), names, scorer=fuzz.ratio, score_cutoff=LEAST_RATIO, limit=_MOST_NEAR * 3
            ):
                best[name] = max(ratio, best.get(name, 0.0))
        candidates = [key for name in sorted(best, key=lambda one: -best[one]) for key in self._names[name]]
        visible = load_visible_ids(self._connection, self._actor.scope, [key.id for key in candidates])
        return [key for key in candidates if key.id in visible][:_MOST_NEAR]
