"""Open campaigns: tasks, results, acceptance, assessment."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TABLES = (
    "campaign_progress",
    "campaign_event",
    "campaign_task",
    "campaign_project",
    "campaign_phase",
    "campaign_assessment",
    "campaign_acceptance",
    "campaign",
)


def upgrade() -> None:
    op.create_table(
        "campaign",
        sa.Column("id", _ID, nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("standard", sa.Text(), nullable=False),
        sa.Column("approach", sa.Text(), nullable=False),
        sa.Column("duties", sa.Text(), nullable=False),
        sa.Column("results", sa.Text(), nullable=False),
        sa.Column("leader", sa.String(length=64), nullable=False),
        sa.Column("lead_unit_id", _ID, nullable=True),
        sa.Column("headquarters_id", _ID, nullable=True),
        sa.Column("county_id", _ID, nullable=True),
        sa.Column("start_on", sa.Date(), nullable=False),
        sa.Column("finish_on", sa.Date(), nullable=False),
        sa.Column("first_finish_on", sa.Date(), nullable=False),
        sa.Column("moves", sa.Integer(), nullable=False),
        sa.Column("report_period", sa.String(length=32), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("acceptance_due_on", sa.Date(), nullable=False),
        sa.Column("accepted_on", sa.Date(), nullable=True),
        sa.Column("copied_from_id", _ID, nullable=True),
        sa.Column("edits", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["copied_from_id"], ["campaign.id"], name=op.f("fk_campaign_copied_from_id")),
        sa.ForeignKeyConstraint(["county_id"], ["county.id"], name=op.f("fk_campaign_county_id")),
        sa.ForeignKeyConstraint(["headquarters_id"], ["headquarters.id"], name=op.f("fk_campaign_headquarters_id")),
        sa.ForeignKeyConstraint(["lead_unit_id"], ["unit.id"], name=op.f("fk_campaign_lead_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign")),
        sa.UniqueConstraint("code", name=op.f("uq_campaign_code")),
    )
    op.create_index(op.f("ix_campaign_county_id"), "campaign", ["county_id"])
    op.create_index(op.f("ix_campaign_headquarters_id"), "campaign", ["headquarters_id"])
    op.create_index(op.f("ix_campaign_lead_unit_id"), "campaign", ["lead_unit_id"])
    op.create_index("ix_campaign_year_kind", "campaign", ["year", "kind"])
    op.create_table(
        "campaign_acceptance",
        sa.Column("id", _ID, nullable=False),
        sa.Column("campaign_id", _ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("verdict", sa.String(length=32), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("conditions", sa.Text(), nullable=False),
        sa.Column("again_on", sa.Date(), nullable=True),
        sa.Column("document_no", sa.String(length=200), nullable=False),
        sa.Column("verifier", sa.String(length=64), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_campaign_acceptance_campaign_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_acceptance")),
        sa.UniqueConstraint("campaign_id", "number", name=op.f("uq_campaign_acceptance_campaign_id_number")),
    )
    op.create_table(
        "campaign_assessment",
        sa.Column("id", _ID, nullable=False),
        sa.Column("campaign_id", _ID, nullable=False),
        sa.Column("organisation", sa.String(length=200), nullable=False),
        sa.Column("assessed_on", sa.Date(), nullable=False),
        sa.Column("score_milli", sa.Integer(), nullable=False),
        sa.Column("findings", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_campaign_assessment_campaign_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_assessment")),
    )
    op.create_index(op.f("ix_campaign_assessment_campaign_id"), "campaign_assessment", ["campaign_id"])
    op.create_table(
        "campaign_phase",
        sa.Column("id", _ID, nullable=False),
        sa.Column("campaign_id", _ID, nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("start_on", sa.Date(), nullable=False),
        sa.Column("finish_on", sa.Date(), nullable=False),
        sa.Column("goal", sa.String(length=1000), nullable=False),
        sa.Column("is_dropped", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_campaign_phase_campaign_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_phase")),
        sa.UniqueConstraint("campaign_id", "sequence", name=op.f("uq_campaign_phase_campaign_id_sequence")),
    )
    op.create_table(
        "campaign_project",
        sa.Column("id", _ID, nullable=False),
        sa.Column("campaign_id", _ID, nullable=False),
        sa.Column("project_id", _ID, nullable=False),
        sa.Column("is_ended", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_campaign_project_campaign_id")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_campaign_project_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_project")),
        sa.UniqueConstraint("campaign_id", "project_id", name=op.f("uq_campaign_project_campaign_id_project_id")),
    )
    op.create_index(op.f("ix_campaign_project_project_id"), "campaign_project", ["project_id"])
    op.create_table(
        "campaign_task",
        sa.Column("id", _ID, nullable=False),
        sa.Column("campaign_id", _ID, nullable=False),
        sa.Column("parent_id", _ID, nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("lead_unit_id", _ID, nullable=True),
        sa.Column("supporting_units", sa.String(length=400), nullable=False),
        sa.Column("responsible_person", sa.String(length=64), nullable=False),
        sa.Column("planned_start_on", sa.Date(), nullable=False),
        sa.Column("planned_finish_on", sa.Date(), nullable=False),
        sa.Column("first_finish_on", sa.Date(), nullable=False),
        sa.Column("moves", sa.Integer(), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("measure", sa.String(length=100), nullable=False),
        sa.Column("measure_unit", sa.String(length=32), nullable=False),
        sa.Column("target_milli", sa.BigInteger(), nullable=True),
        sa.Column("actual_milli", sa.BigInteger(), nullable=True),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=True),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_on", sa.Date(), nullable=True),
        sa.Column("claimed_by", sa.String(length=64), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_campaign_task_campaign_id")),
        sa.ForeignKeyConstraint(["lead_unit_id"], ["unit.id"], name=op.f("fk_campaign_task_lead_unit_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["campaign_task.id"], name=op.f("fk_campaign_task_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_task")),
    )
    op.create_index("ix_campaign_task_campaign_id_sequence", "campaign_task", ["campaign_id", "sequence"])
    op.create_index(op.f("ix_campaign_task_lead_unit_id"), "campaign_task", ["lead_unit_id"])
    op.create_index(op.f("ix_campaign_task_parent_id"), "campaign_task", ["parent_id"])
    op.create_index("ix_campaign_task_status_planned_finish_on", "campaign_task", ["status", "planned_finish_on"])
    op.create_table(
        "campaign_event",
        sa.Column("id", _ID, nullable=False),
        sa.Column("campaign_id", _ID, nullable=False),
        sa.Column("task_id", _ID, nullable=True),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column("old_due_on", sa.Date(), nullable=True),
        sa.Column("new_due_on", sa.Date(), nullable=True),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_campaign_event_campaign_id")),
        sa.ForeignKeyConstraint(["task_id"], ["campaign_task.id"], name=op.f("fk_campaign_event_task_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_event")),
    )
    op.create_index(op.f("ix_campaign_event_campaign_id"), "campaign_event", ["campaign_id"])
    op.create_index(op.f("ix_campaign_event_task_id"), "campaign_event", ["task_id"])
    op.create_table(
        "campaign_progress",
        sa.Column("id", _ID, nullable=False),
        sa.Column("task_id", _ID, nullable=False),
        sa.Column("period_kind", sa.String(length=32), nullable=False),
        sa.Column("period_key", sa.String(length=32), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("actual_milli", sa.BigInteger(), nullable=True),
        sa.Column("text", sa.String(length=1000), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reported_by", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["task_id"], ["campaign_task.id"], name=op.f("fk_campaign_progress_task_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_progress")),
    )
    op.create_index("ix_campaign_progress_task_id_period_key", "campaign_progress", ["task_id", "period_key"])


def downgrade() -> None:
    for name in _TABLES:
        op.drop_table(name)
