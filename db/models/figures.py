"""Roll-ups: what each project stands at, and the sums by city, county, headquarters and category.

Kept in the writing transaction (db/rollup.py) and stamped with an as-of point in ``store_head``.
Every measure of core.domain.measures is one integer column, so a new measure is one column in both tables.
"""

from sqlalchemy import BigInteger, Column, Date, ForeignKey, Index, Integer, String, Table, Text

from core.domain.measures import MEASURE_CODES
from db.models.base import Base, BigId


def _measure_columns() -> list[Column[int]]:
    return [Column(code, BigInteger, nullable=False, server_default="0") for code in MEASURE_CODES]


project_state = Table(
    "project_state",
    Base.metadata,
    Column("project_id", BigId, ForeignKey("project.id"), primary_key=True, autoincrement=False),
    Column("county_id", BigInteger, nullable=False),
    Column("headquarters_id", BigInteger),
    Column("unit_id", BigInteger),
    Column("category", String(32), nullable=False),
    Column("level", String(32), nullable=False),
    # Sorting key: worst level first, then the largest lag; see db/rollup.py.
    Column("urgency", Integer, nullable=False),
    Column("gap_milli_pp", Integer),
    # Every rule hit with what proves it; see core/domain/flag_hits.py.
    Column("hits", Text, nullable=False, server_default="[]"),
    Column("next_due_on", Date),
    *_measure_columns(),
    Index("ix_project_state_urgency", "urgency", "project_id"),
    Index("ix_project_state_county_urgency", "county_id", "urgency", "project_id"),
    Index("ix_project_state_headquarters_urgency", "headquarters_id", "urgency", "project_id"),
    Index("ix_project_state_unit_id", "unit_id"),
)

tally = Table(
    "tally",
    Base.metadata,
    Column("dimension", String(16), primary_key=True),
    Column("key_id", BigInteger, primary_key=True, autoincrement=False),
    Column("key_code", String(32), primary_key=True),
    *_measure_columns(),
)

parcel_tally = Table(
    "parcel_tally",
    Base.metadata,
    Column("county_id", BigInteger, primary_key=True, autoincrement=False),
    Column("status", String(32), primary_key=True),
    Column("parcels", BigInteger, nullable=False, server_default="0"),
    Column("area_sqm", BigInteger, nullable=False, server_default="0"),
)

__all__ = ["parcel_tally", "project_state", "tally"]
