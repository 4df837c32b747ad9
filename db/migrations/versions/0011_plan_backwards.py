"""Plan backwards: schedules drawn from the finish date."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_CURRENT = sa.text("status <> 'superseded'")


def upgrade() -> None:
    op.create_table(
        "schedule_plan",
        sa.Column("id", _ID, nullable=False),
        sa.Column("project_id", _ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("template_code", sa.String(length=32), server_default="", nullable=False),
        sa.Column("template_name", sa.String(length=100), server_default="", nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("wanted_on", sa.Date(), nullable=False),
        sa.Column("finish_on", sa.Date(), nullable=False),
        sa.Column("start_on", sa.Date(), nullable=False),
        sa.Column("earliest_on", sa.Date(), nullable=True),
        sa.Column("missing_days", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=400), server_default="", nullable=False),
        sa.Column("made_by", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("adopted_by", sa.String(length=64), server_default="", nullable=False),
        sa.Column("adopted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_schedule_plan_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schedule_plan")),
        sa.UniqueConstraint("project_id", "number", name=op.f("uq_schedule_plan_project_id_number")),
    )
    op.create_index(
        "ix_schedule_plan_current",
        "schedule_plan",
        ["finish_on", "id"],
        sqlite_where=_CURRENT,
        postgresql_where=_CURRENT,
    )
    op.create_table(
        "schedule_task",
        sa.Column("id", _ID, nullable=False),
        sa.Column("plan_id", _ID, nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("duration_days", sa.Integer(), nullable=False),
        sa.Column("predecessors", sa.Text(), nullable=False),
        sa.Column("is_key", sa.Boolean(), nullable=False),
        sa.Column("responsible", sa.String(length=100), nullable=False),
        sa.Column("earliest_on", sa.Date(), nullable=True),
        sa.Column("must_finish_on", sa.Date(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("planned_start_on", sa.Date(), nullable=False),
        sa.Column("planned_finish_on", sa.Date(), nullable=False),
        sa.Column("float_days", sa.Integer(), nullable=False),
        sa.Column("is_critical", sa.Boolean(), nullable=False),
        sa.Column("milestone_id", _ID, nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["milestone_id"], ["milestone.id"], name=op.f("fk_schedule_task_milestone_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["schedule_plan.id"], name=op.f("fk_schedule_task_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schedule_task")),
        sa.UniqueConstraint("plan_id", "code", name=op.f("uq_schedule_task_plan_id_code")),
    )


def downgrade() -> None:
    op.drop_table("schedule_task")
    op.drop_index("ix_schedule_plan_current", table_name="schedule_plan")
    op.drop_table("schedule_plan")
