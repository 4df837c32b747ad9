"""State-owned resources, assets and capital (三资) and money asked for from above (向上争资)."""

from sqlalchemy import BigInteger, Boolean, String
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, Code, Day, LongText, Name, PrimaryKey, Versioned, Yuan, reference


class Asset(Versioned, Base):
    """One resource, asset or fund of the unified ledger (三资一本账)."""

    __tablename__ = "asset"
    id: Mapped[PrimaryKey]
    code: Mapped[Code] = mapped_column(unique=True)
    name: Mapped[Name]
    category: Mapped[Code]
    kind: Mapped[str] = mapped_column(String(64), default="")
    county_id: Mapped[int | None] = reference("county.id")
    holder_unit_id: Mapped[int | None] = reference("unit.id")
    responsible_unit_id: Mapped[int | None] = reference("unit.id", index=False)
    location: Mapped[str] = mapped_column(String(400), default="")
    area_sqm: Mapped[int | None] = mapped_column(BigInteger)
    title_no: Mapped[str] = mapped_column(String(200), default="")
    acquired_on: Mapped[Day | None]
    original_book_value_yuan: Mapped[Yuan | None]
    net_book_value_yuan: Mapped[Yuan | None]
    appraised_value_yuan: Mapped[Yuan | None]
    appraised_on: Mapped[Day | None]
    status: Mapped[Code]
    disposal_method: Mapped[Code] = mapped_column(default="")
    disposal_measure: Mapped[str] = mapped_column(String(1000), default="")
    disposal_due_on: Mapped[Day | None]
    revitalized_yuan: Mapped[Yuan | None]
    received_yuan: Mapped[Yuan | None]
    problem: Mapped[str] = mapped_column(String(1000), default="")
    remark: Mapped[str] = mapped_column(String(1000), default="")


class FundingBid(Versioned, Base):
    """One request for money from above (向上争资): asked for, granted by a document, received, spent."""

    __tablename__ = "funding_bid"
    id: Mapped[PrimaryKey]
    code: Mapped[Code] = mapped_column(unique=True)
    name: Mapped[Name]
    category: Mapped[Code]
    county_id: Mapped[int | None] = reference("county.id")
    project_id: Mapped[int | None] = reference("project.id")
    responsible_unit_id: Mapped[int | None] = reference("unit.id", index=False)
    higher_authority: Mapped[str] = mapped_column(String(200), default="")
    requested_yuan: Mapped[Yuan | None]
    requested_on: Mapped[Day | None]
    grant_document_no: Mapped[str] = mapped_column(String(200), default="")
    granted_on: Mapped[Day | None]
    granted_yuan: Mapped[Yuan | None]
    received_on: Mapped[Day | None]
    received_yuan: Mapped[Yuan | None]
    spent_yuan: Mapped[Yuan | None]
    is_competitive: Mapped[bool | None] = mapped_column(Boolean)
    verdict: Mapped[LongText] = mapped_column(default="")
    remark: Mapped[str] = mapped_column(String(1000), default="")
