"""Found headquarters: charter, members, checklist, schedule of reports; where a project came from."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TEXTS = (("mission", sa.Text()), ("goals", sa.Text()), ("area", sa.String(400)), ("office_address", sa.String(400)))
_DAYS = ("founded_on", "set_up_due_on")
# The steps of the chain are told from an index alone, however many projects there are.
_CHAIN = [
    "headquarters_id", "stage", "commissioned_on", "full_capacity_on", "started_on", "fulfilled_on", "signed_on",
    "reserved_on", "source", "total_investment_yuan",
]  # fmt: skip


def upgrade() -> None:
    with op.batch_alter_table("headquarters", schema=None) as batch_op:
        for name, kind in _TEXTS:
            batch_op.add_column(sa.Column(name, kind, server_default="", nullable=False))
        for name in _DAYS:
            batch_op.add_column(sa.Column(name, sa.Date(), nullable=True))
    with op.batch_alter_table("project", schema=None) as batch_op:
        batch_op.add_column(sa.Column("source", sa.String(length=32), server_default="", nullable=False))
        batch_op.create_index("ix_project_chain", _CHAIN, unique=False)
    op.create_table(
        "headquarters_member",
        *_owned("headquarters_member"),
        sa.Column("person_id", _ID, nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("post", sa.String(length=32), nullable=False),
        sa.Column("origin", sa.String(length=200), nullable=False),
        sa.Column("phone", sa.String(length=64), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=True),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_headquarters_member_person_id")),
    )
    for name in ("headquarters_id", "person_id"):
        op.create_index(op.f(f"ix_headquarters_member_{name}"), "headquarters_member", [name])
    op.create_table(
        "headquarters_step",
        *_owned("headquarters_step"),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("post", sa.String(length=32), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.UniqueConstraint("headquarters_id", "code", name=op.f("uq_headquarters_step_headquarters_id_code")),
    )
    op.create_table(
        "headquarters_schedule",
        *_owned("headquarters_schedule"),
        sa.Column("cycle", sa.String(length=32), nullable=False),
        sa.Column("workdays", sa.Integer(), nullable=False),
        sa.Column("since_on", sa.Date(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.UniqueConstraint("headquarters_id", "cycle", name=op.f("uq_headquarters_schedule_headquarters_id_cycle")),
    )
    op.create_table(
        "headquarters_report",
        *_owned("headquarters_report"),
        sa.Column("cycle", sa.String(length=32), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=False),
        sa.Column("document_no", sa.String(length=100), nullable=False),
        sa.Column("outlook", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_by", sa.String(length=64), nullable=False),
        sa.UniqueConstraint(
            "headquarters_id", "cycle", "first_on", name=op.f("uq_headquarters_report_headquarters_id_cycle_first_on")
        ),
    )


def _owned(table: str) -> tuple[sa.schema.SchemaItem, ...]:
    """Return what every table of a headquarters has: its key, its owner, the version of the row."""
    return (
        sa.Column("id", _ID, nullable=False),
        sa.Column("headquarters_id", _ID, nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["headquarters_id"], ["headquarters.id"], name=op.f(f"fk_{table}_headquarters_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )


def downgrade() -> None:
    for table in ("headquarters_report", "headquarters_schedule", "headquarters_step", "headquarters_member"):
        op.drop_table(table)
    with op.batch_alter_table("project", schema=None) as batch_op:
        batch_op.drop_index("ix_project_chain")
        batch_op.drop_column("source")
    with op.batch_alter_table("headquarters", schema=None) as batch_op:
        for name in (*_DAYS, *(name for name, _ in _TEXTS)):
            batch_op.drop_column(name)
