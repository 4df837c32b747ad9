"""Give matters levels, clocks, both reports and an end; supporting units; every matter begins with an event."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_DAYS = (
    "first_due_on", "step_due_on", "signed_on", "first_report_due_on", "first_reported_on", "result_due_on",
    "press_on", "extension_to",
)  # fmt: skip
_COUNTS = ("pressed_times", "extended_times", "redo_times")
_LINKS = (("merged_into_id", "matter"), ("policy_id", "matter"), ("parcel_id", "parcel"))
_NEW = ("level", "difficulty", "enterprise", "amount_yuan", "answer_workdays", "conditions", *_DAYS, *_COUNTS)
_DUE = sa.text("coalesce(step_due_on, due_on)")
_OPEN = sa.text("closed_on IS NULL")
_ENDED = sa.text("closed_on IS NOT NULL")
_PRESSED = sa.text("press_on IS NOT NULL")


def upgrade() -> None:
    with op.batch_alter_table("matter", schema=None) as batch_op:
        batch_op.add_column(sa.Column("level", sa.String(length=32), server_default="city", nullable=False))
        batch_op.add_column(sa.Column("difficulty", sa.String(length=32), server_default="ordinary", nullable=False))
        batch_op.add_column(sa.Column("enterprise", sa.String(length=200), server_default="", nullable=False))
        batch_op.add_column(sa.Column("amount_yuan", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("answer_workdays", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("conditions", sa.Text(), server_default="", nullable=False))
        for name in _DAYS:
            batch_op.add_column(sa.Column(name, sa.Date(), nullable=True))
        for name in _COUNTS:
            batch_op.add_column(sa.Column(name, sa.Integer(), server_default="0", nullable=False))
        for name, target in _LINKS:
            batch_op.add_column(sa.Column(name, _ID, nullable=True))
            batch_op.create_foreign_key(batch_op.f(f"fk_matter_{name}"), target, [name], ["id"])
        batch_op.create_index(batch_op.f("ix_matter_merged_into_id"), ["merged_into_id"], unique=False)
    op.create_index("ix_matter_open_due", "matter", [_DUE, "id"], sqlite_where=_OPEN, postgresql_where=_OPEN)
    op.create_index(
        "ix_matter_open_lead_due", "matter", ["lead_unit_id", _DUE], sqlite_where=_OPEN, postgresql_where=_OPEN
    )
    covered: list[str | sa.TextClause] = ["kind", _DUE, "id", "status", "lead_unit_id", "is_escalated"]
    op.create_index("ix_matter_open_kind_due", "matter", covered, sqlite_where=_OPEN, postgresql_where=_OPEN)
    op.create_index("ix_matter_kind_raised_on", "matter", ["kind", "raised_on", "status"])
    days = ["kind", "closed_on", "status"]
    op.create_index("ix_matter_kind_closed_on", "matter", days, sqlite_where=_ENDED, postgresql_where=_ENDED)
    op.create_index("ix_matter_press_on", "matter", ["press_on"], sqlite_where=_PRESSED, postgresql_where=_PRESSED)
    with op.batch_alter_table("matter_event", schema=None) as batch_op:
        batch_op.add_column(sa.Column("document_no", sa.String(length=200), server_default="", nullable=False))
        batch_op.add_column(sa.Column("old_due_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("new_due_on", sa.Date(), nullable=True))
    op.create_table(
        "matter_support",
        sa.Column("id", _ID, nullable=False),
        sa.Column("matter_id", _ID, nullable=False),
        sa.Column("unit_id", _ID, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("replied_on", sa.Date(), nullable=True),
        sa.Column("opinion", sa.String(length=1000), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["matter_id"], ["matter.id"], name=op.f("fk_matter_support_matter_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_matter_support_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_matter_support")),
        sa.UniqueConstraint("matter_id", "unit_id", name=op.f("uq_matter_support_matter_id_unit_id")),
    )
    op.create_index(op.f("ix_matter_support_unit_id"), "matter_support", ["unit_id"])
    _carry_over()


def _carry_over() -> None:
    """Old rows keep their words: a dated end is an end, the first deadline is the known one, each has a first event."""
    op.execute(
        "UPDATE matter SET status = 'closed_out' WHERE closed_on IS NOT NULL AND status NOT IN ('closed_out', 'merged')"
    )
    op.execute("UPDATE matter SET first_due_on = due_on WHERE due_on IS NOT NULL")
    op.execute("UPDATE matter SET level = 'county' WHERE county_id IS NOT NULL AND NOT is_escalated")
    matter = sa.table(
        "matter", sa.column("id", _ID), sa.column("raised_on", sa.Date()), sa.column("status", sa.String())
    )
    event = sa.table(
        "matter_event",
        sa.column("matter_id", _ID),
        sa.column("kind", sa.String()),
        sa.column("note", sa.String()),
        sa.column("actor", sa.String()),
        sa.column("happened_at", sa.DateTime(timezone=True)),
    )
    missing = sa.select(
        matter.c.id,
        sa.literal("registered"),
        sa.literal("由台账登记"),
        sa.literal("system"),
        _midnight(matter.c.raised_on),
    ).where(~sa.exists().where(event.c.matter_id == matter.c.id))
    columns = ["matter_id", "kind", "note", "actor", "happened_at"]
    op.execute(event.insert().from_select(columns, missing))


def _midnight(day: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    """SQLite keeps times as text, and its CAST to a time would give the year as a number."""
    if op.get_bind().dialect.name == "sqlite":
        return sa.cast(day, sa.String()) + sa.literal(" 00:00:00.000000")
    return sa.cast(day, sa.DateTime(timezone=True))


def downgrade() -> None:
    op.execute("UPDATE matter SET kind = 'problem' WHERE kind = 'supervision'")
    op.execute("UPDATE matter SET status = 'registered' WHERE status = 'classified'")
    op.execute("UPDATE matter SET status = 'assigned' WHERE status = 'objected'")
    op.execute("UPDATE matter SET status = 'in_progress' WHERE status = 'replied'")
    op.execute("UPDATE matter SET status = 'closed_out' WHERE status = 'merged'")
    op.drop_table("matter_support")
    with op.batch_alter_table("matter_event", schema=None) as batch_op:
        for name in ("new_due_on", "old_due_on", "document_no"):
            batch_op.drop_column(name)
    for name in (
        "ix_matter_press_on", "ix_matter_kind_closed_on", "ix_matter_kind_raised_on", "ix_matter_open_kind_due",
        "ix_matter_open_lead_due", "ix_matter_open_due",
    ):  # fmt: skip
        op.drop_index(name, table_name="matter")
    with op.batch_alter_table("matter", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_matter_merged_into_id"))
        for name, _ in _LINKS:
            batch_op.drop_constraint(batch_op.f(f"fk_matter_{name}"), type_="foreignkey")
            batch_op.drop_column(name)
        for name in _NEW:
            batch_op.drop_column(name)
