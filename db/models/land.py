"""Plots of land and the schematic features of the map. Geometry is GeoJSON in CGCS2000 longitude/latitude."""

from sqlalchemy import Float, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, Code, Day, LongText, Name, PrimaryKey, Versioned, reference


class Parcel(Versioned, Base):
    """
    A plot (地块): where, how large, in which state, under which conditions.

    ``geometry`` is empty for a plot that a table names before its corner points are known; then it has no centre.
    ``area_sqm`` is measured on the ellipsoid where there is a geometry, ``declared_area_sqm`` is what its papers say.
    """

    __tablename__ = "parcel"
    __table_args__ = (
        Index("ix_parcel_county_id_status", "county_id", "status"),
        Index("ix_parcel_status_id", "status", "id"),
    )
    id: Mapped[PrimaryKey]
    code: Mapped[Code] = mapped_column(unique=True)
    name: Mapped[Name]
    county_id: Mapped[int] = reference("county.id", index=False)
    status: Mapped[Code]
    area_sqm: Mapped[int] = mapped_column(Integer)
    use_code: Mapped[Code] = mapped_column(default="")
    use_name: Mapped[str] = mapped_column(String(64), default="")
    plot_ratio: Mapped[float | None] = mapped_column(Float)
    building_density_pct: Mapped[float | None] = mapped_column(Float)
    green_ratio_pct: Mapped[float | None] = mapped_column(Float)
    location: Mapped[str] = mapped_column(String(200), default="")
    approval_no: Mapped[str] = mapped_column(String(100), default="")
    approved_on: Mapped[Day | None]
    supply_method: Mapped[str] = mapped_column(String(32), default="")
    contract_no: Mapped[str] = mapped_column(String(100), default="")
    supplied_on: Mapped[Day | None]
    start_due_on: Mapped[Day | None]
    finish_due_on: Mapped[Day | None]
    started_on: Mapped[Day | None]
    unused_reason: Mapped[str] = mapped_column(String(400), default="")
    disposal_measure: Mapped[str] = mapped_column(String(400), default="")
    disposal_due_on: Mapped[Day | None]
    intended_project: Mapped[str] = mapped_column(String(200), default="")
    standard_terms: Mapped[str] = mapped_column(String(400), default="")
    remark: Mapped[str] = mapped_column(String(1000), default="")
    declared_area_sqm: Mapped[int | None] = mapped_column(Integer)
    geometry: Mapped[LongText] = mapped_column(default="")
    crs: Mapped[Code] = mapped_column(default="EPSG:4490")
    source_crs: Mapped[Code] = mapped_column(default="")
    center_longitude: Mapped[float | None] = mapped_column(Float)
    center_latitude: Mapped[float | None] = mapped_column(Float)


class ParcelUse(Versioned, Base):
    """Which project stands (or will stand) on which plot, for a time."""

    __tablename__ = "parcel_use"
    __table_args__ = (UniqueConstraint("parcel_id", "project_id"),)
    id: Mapped[PrimaryKey]
    parcel_id: Mapped[int] = reference("parcel.id", index=False)
    project_id: Mapped[int] = reference("project.id")
    from_on: Mapped[Day | None]
    to_on: Mapped[Day | None]


class MapFeature(Base):
    """A line or area of the map that is neither county nor plot (河流、铁路、道路)."""

    __tablename__ = "map_feature"
    id: Mapped[PrimaryKey]
    kind: Mapped[Code]
    name: Mapped[Name]
    geometry: Mapped[LongText]
