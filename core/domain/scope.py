"""Which rows an actor may see. Every query takes a ``Scope``; there is no default."""

from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class Scope:
    """
    Rows visible to an actor: all of them, or the union of counties, headquarters and responsible units.

    An empty, non-``everything`` scope sees nothing (default deny).
    """

    everything: bool = False
    county_ids: frozenset[int] = frozenset()
    headquarters_ids: frozenset[int] = frozenset()
    unit_ids: frozenset[int] = frozenset()

    @classmethod
    def all(cls) -> Self:
        """Return the scope of leaders, supervision, displays and the command line."""
        return cls(everything=True)

    @property
    def is_empty(self) -> bool:
        """Whether no project row at all is visible."""
        return not (self.everything or self.county_ids or self.headquarters_ids or self.unit_ids)

    @property
    def key(self) -> str:
        """Stable text of the scope, for cache keys."""
        if self.everything:
            return "all"
        parts = (("c", self.county_ids), ("h", self.headquarters_ids), ("u", self.unit_ids))
        return ";".join(f"{name}{','.join(map(str, sorted(ids)))}" for name, ids in parts if ids) or "none"

    def covers(self, county_id: int | None, headquarters_id: int | None, unit_id: int | None) -> bool:
        """Return whether a project with these owners is inside the scope."""
        return (
            self.everything
            or county_id in self.county_ids
            or headquarters_id in self.headquarters_ids
            or unit_id in self.unit_ids
        )
