"""Prepare starts: readiness of a project, lists made by rule."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_OPEN = sa.text("left_on IS NULL")


def upgrade() -> None:
    op.create_table(
        "procedure",
        sa.Column("id", _ID, nullable=False),
        sa.Column("project_id", _ID, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("applies", sa.Boolean(), nullable=False),
        sa.Column("document_no", sa.String(length=100), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("unit_id", _ID, nullable=True),
        sa.Column("blocker", sa.String(length=400), nullable=False),
        sa.Column("owed_papers", sa.String(length=400), nullable=False),
        sa.Column("owed_due_on", sa.Date(), nullable=True),
        sa.Column("supplied_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_procedure_project_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_procedure_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_procedure")),
        sa.UniqueConstraint("project_id", "kind", name=op.f("uq_procedure_project_id_kind")),
    )
    op.create_index(op.f("ix_procedure_unit_id"), "procedure", ["unit_id"])
    op.create_table(
        "watch_item",
        sa.Column("id", _ID, nullable=False),
        sa.Column("project_id", _ID, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("entered_on", sa.Date(), nullable=False),
        sa.Column("entered_reason", sa.String(length=1000), nullable=False),
        sa.Column("hits", sa.Text(), nullable=False),
        sa.Column("owner_unit_id", _ID, nullable=True),
        sa.Column("owner_person_id", _ID, nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("measures", sa.String(length=1000), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("left_reason", sa.String(length=400), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_watch_item_project_id")),
        sa.ForeignKeyConstraint(["owner_unit_id"], ["unit.id"], name=op.f("fk_watch_item_owner_unit_id")),
        sa.ForeignKeyConstraint(["owner_person_id"], ["person.id"], name=op.f("fk_watch_item_owner_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_watch_item")),
    )
    for name in ("project_id", "owner_unit_id", "owner_person_id"):
        op.create_index(op.f(f"ix_watch_item_{name}"), "watch_item", [name])
    op.create_index("ix_watch_item_kind_due_on", "watch_item", ["kind", "left_on", "due_on"])
    op.create_index(
        "uq_watch_item_open",
        "watch_item",
        ["project_id", "kind"],
        unique=True,
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )


def downgrade() -> None:
    op.drop_table("watch_item")
    op.drop_table("procedure")
