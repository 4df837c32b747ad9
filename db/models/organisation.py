"""Who stands behind the projects: counties, units, headquarters, people."""

from sqlalchemy import Float, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, Code, Day, LongText, Name, PrimaryKey, Versioned, reference


class County(Versioned, Base):
    """A county, district or development zone (县区、开发区) with its boundary as GeoJSON geometry (CGCS2000)."""

    __tablename__ = "county"
    id: Mapped[PrimaryKey]
    code: Mapped[Code] = mapped_column(unique=True)
    name: Mapped[Name] = mapped_column(unique=True)
    kind: Mapped[Code]
    sort_order: Mapped[int] = mapped_column(Integer, default=0)
    boundary: Mapped[LongText | None]
    label_longitude: Mapped[float | None] = mapped_column(Float)
    label_latitude: Mapped[float | None] = mapped_column(Float)


class Unit(Versioned, Base):
    """A responsible, leading or serving unit (单位)."""

    __tablename__ = "unit"
    id: Mapped[PrimaryKey]
    name: Mapped[Name] = mapped_column(unique=True)
    kind: Mapped[Code] = mapped_column(default="")
    county_id: Mapped[int | None] = reference("county.id")


class Person(Versioned, Base):
    """A person who stands for projects (人员); not necessarily an account."""

    __tablename__ = "person"
    id: Mapped[PrimaryKey]
    name: Mapped[Name] = mapped_column(index=True)
    title: Mapped[str] = mapped_column(String(200), default="")
    unit_id: Mapped[int | None] = reference("unit.id")
    phone: Mapped[str] = mapped_column(String(64), default="")


class Headquarters(Versioned, Base):
    """A (sub-)headquarters (指挥部、分指挥部) with its charter: owns a set of projects across counties."""

    __tablename__ = "headquarters"
    id: Mapped[PrimaryKey]
    code: Mapped[Code] = mapped_column(unique=True)
    name: Mapped[Name] = mapped_column(unique=True)
    short_name: Mapped[str] = mapped_column(String(64), default="")
    parent_id: Mapped[int | None] = reference("headquarters.id")
    commander_id: Mapped[int | None] = reference("person.id")
    sort_order: Mapped[int] = mapped_column(Integer, default=0)
    mission: Mapped[LongText] = mapped_column(default="")
    goals: Mapped[LongText] = mapped_column(default="")
    area: Mapped[str] = mapped_column(String(400), default="")
    office_address: Mapped[str] = mapped_column(String(400), default="")
    founded_on: Mapped[Day | None]
    set_up_due_on: Mapped[Day | None]
