"""Shared ground of all tables: naming, column types, the optimistic-lock version."""

from datetime import UTC, date, datetime
from typing import Annotated

from sqlalchemy import BigInteger, Date, DateTime, ForeignKey, Integer, MetaData, String, Text, TypeDecorator
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """Aware UTC time; SQLite has no zone, so it is put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("times in the store must be aware")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


BigId = BigInteger().with_variant(Integer(), "sqlite")

PrimaryKey = Annotated[int, mapped_column(BigId, primary_key=True)]
Yuan = Annotated[int, mapped_column(BigInteger)]
Code = Annotated[str, mapped_column(String(32))]
Name = Annotated[str, mapped_column(String(200))]
LongText = Annotated[str, mapped_column(Text)]
Day = Annotated[date, mapped_column(Date)]
Instant = Annotated[datetime, mapped_column(UtcDateTime)]


def reference(target: str, *, index: bool = True) -> Mapped[int]:
    """Return a foreign-key column to *target* (``table.id``); nullability comes from the annotation."""
    return mapped_column(BigId, ForeignKey(target), index=index)


class Base(DeclarativeBase):
    """All tables share one metadata, so that migrations can compare it with a store."""

    metadata = MetaData(naming_convention=NAMING)


class Versioned:
    """A row that people edit: ``version`` counts its saves and guards against lost updates."""

    version: Mapped[int] = mapped_column(Integer, default=1, server_default="1")
