"""Open supervision: rounds, flags, overrides, snapshots, rectification; closed months; evidence."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
# Clearing the demo takes its rounds along; nothing else ever deletes a snapshot.
_IN_DEMO = "EXISTS (SELECT 1 FROM setting WHERE key = 'demo' AND value = 'true')"


def upgrade() -> None:
    op.create_table(
        "attachment_content",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_attachment_content")),
    )
    op.create_table(
        "calendar_override",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("is_working", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_calendar_override")),
    )
    op.create_table(
        "document_template",
        sa.Column("id", _ID, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("uploaded_by", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_template")),
    )
    op.create_table(
        "month_close",
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("figures_on", sa.Date(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_by", sa.String(length=64), nullable=False),
        sa.Column("sealed_seq", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("note", sa.String(length=400), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.PrimaryKeyConstraint("month", name=op.f("pk_month_close")),
    )
    op.create_table(
        "month_archive_part",
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["month"], ["month_close.month"], name=op.f("fk_month_archive_part_month")),
        sa.PrimaryKeyConstraint("month", "number", name=op.f("pk_month_archive_part")),
    )
    op.create_table(
        "supervision_round",
        sa.Column("id", _ID, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("first_month", sa.String(length=7), nullable=False),
        sa.Column("last_month", sa.String(length=7), nullable=False),
        sa.Column("cut_off_on", sa.Date(), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("rule_set_id", _ID, nullable=True),
        sa.Column("data_seq", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=64), nullable=False),
        sa.Column("computed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reviewed_by", sa.String(length=64), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_by", sa.String(length=64), nullable=False),
        sa.Column("supersede_reason", sa.String(length=400), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["rule_set_id"], ["rule_set.id"], name=op.f("fk_supervision_round_rule_set_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervision_round")),
        sa.UniqueConstraint("year", "number", "revision", name=op.f("uq_supervision_round_year_number_revision")),
    )
    op.create_table(
        "bulletin",
        sa.Column("id", _ID, nullable=False),
        sa.Column("round_id", _ID, nullable=False),
        sa.Column("issue_no", sa.Integer(), nullable=False),
        sa.Column("texts", sa.Text(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("issued_by", sa.String(length=64), nullable=False),
        sa.Column("issued_sha256", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["supervision_round.id"], name=op.f("fk_bulletin_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulletin")),
        sa.UniqueConstraint("round_id", name=op.f("uq_bulletin_round_id")),
    )
    op.create_table(
        "flag_decision",
        sa.Column("id", _ID, nullable=False),
        sa.Column("round_id", _ID, nullable=False),
        sa.Column("subject_kind", sa.String(length=32), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        sa.Column("subject_name", sa.String(length=200), nullable=False),
        sa.Column("county_id", sa.BigInteger(), nullable=True),
        sa.Column("headquarters_id", sa.BigInteger(), nullable=True),
        sa.Column("unit_id", sa.BigInteger(), nullable=True),
        sa.Column("rule_level", sa.String(length=32), nullable=False),
        sa.Column("computed_level", sa.String(length=32), nullable=False),
        sa.Column("level", sa.String(length=32), nullable=False),
        sa.Column("previous_level", sa.String(length=32), nullable=False),
        sa.Column("streak", sa.Integer(), nullable=False),
        sa.Column("gap_milli_pp", sa.Integer(), nullable=True),
        sa.Column("urgency", sa.Integer(), nullable=False),
        sa.Column("hits", sa.Text(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["supervision_round.id"], name=op.f("fk_flag_decision_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flag_decision")),
        sa.UniqueConstraint(
            "round_id", "subject_kind", "subject_id", name=op.f("uq_flag_decision_round_id_subject_kind_subject_id")
        ),
    )
    op.create_index(
        "ix_flag_decision_round_kind_urgency",
        "flag_decision",
        ["round_id", "subject_kind", "urgency", "subject_id"],
        unique=False,
    )
    op.create_index(
        "ix_flag_decision_subject", "flag_decision", ["subject_kind", "subject_id", "round_id"], unique=False
    )
    op.create_table(
        "flag_override",
        sa.Column("id", _ID, nullable=False),
        sa.Column("round_id", _ID, nullable=False),
        sa.Column("subject_kind", sa.String(length=32), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("computed_level", sa.String(length=32), nullable=False),
        sa.Column("level", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("document_no", sa.String(length=200), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("is_moved", sa.Boolean(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposed_by", sa.String(length=64), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.String(length=64), nullable=False),
        sa.Column("decision_note", sa.String(length=400), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["supervision_round.id"], name=op.f("fk_flag_override_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flag_override")),
    )
    op.create_index(
        "ix_flag_override_round_subject", "flag_override", ["round_id", "subject_kind", "subject_id"], unique=False
    )
    op.create_table(
        "round_snapshot",
        sa.Column("round_id", _ID, autoincrement=False, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("code_version", sa.String(length=64), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["supervision_round.id"], name=op.f("fk_round_snapshot_round_id")),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_round_snapshot")),
    )
    op.create_table(
        "attachment",
        sa.Column("id", _ID, nullable=False),
        sa.Column("entity", sa.String(length=32), nullable=False),
        sa.Column("entity_id", _ID, nullable=False),
        sa.Column("project_id", _ID, nullable=True),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("note", sa.String(length=400), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("uploaded_by", sa.String(length=64), nullable=False),
        sa.Column("is_withdrawn", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_attachment_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
    )
    op.create_index("ix_attachment_entity", "attachment", ["entity", "entity_id"], unique=False)
    op.create_index(op.f("ix_attachment_project_id"), "attachment", ["project_id"], unique=False)
    op.create_index(op.f("ix_attachment_sha256"), "attachment", ["sha256"], unique=False)
    op.create_table(
        "process_fact",
        sa.Column("id", _ID, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("subject_kind", sa.String(length=32), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        sa.Column("project_id", _ID, nullable=True),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("participants", sa.String(length=400), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("finding", sa.String(length=1000), nullable=False),
        sa.Column("severity", sa.String(length=32), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("mended_on", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_process_fact_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_process_fact")),
    )
    op.create_index(op.f("ix_process_fact_project_id"), "process_fact", ["project_id"], unique=False)
    op.create_index(
        "ix_process_fact_subject", "process_fact", ["subject_kind", "subject_id", "happened_on"], unique=False
    )
    op.create_table(
        "rectification",
        sa.Column("id", _ID, nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("round_id", _ID, nullable=False),
        sa.Column("subject_kind", sa.String(length=32), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        sa.Column("subject_name", sa.String(length=200), nullable=False),
        sa.Column("project_id", _ID, nullable=True),
        sa.Column("county_id", sa.BigInteger(), nullable=True),
        sa.Column("headquarters_id", sa.BigInteger(), nullable=True),
        sa.Column("unit_id", sa.BigInteger(), nullable=True),
        sa.Column("level", sa.String(length=32), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("step", sa.String(length=32), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("promised_on", sa.Date(), nullable=True),
        sa.Column("feedback", sa.Text(), nullable=False),
        sa.Column("verdict", sa.String(length=1000), nullable=False),
        sa.Column("raised_times", sa.Integer(), nullable=False),
        sa.Column("extended_times", sa.Integer(), nullable=False),
        sa.Column("raise_on", sa.Date(), nullable=True),
        sa.Column("extension_to", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_rectification_project_id")),
        sa.ForeignKeyConstraint(["round_id"], ["supervision_round.id"], name=op.f("fk_rectification_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rectification")),
        sa.UniqueConstraint("code", name=op.f("uq_rectification_code")),
        sa.UniqueConstraint(
            "round_id", "subject_kind", "subject_id", name=op.f("uq_rectification_round_id_subject_kind_subject_id")
        ),
    )
    op.create_index(op.f("ix_rectification_project_id"), "rectification", ["project_id"], unique=False)
    op.create_index("ix_rectification_raise_on", "rectification", ["raise_on"], unique=False)
    op.create_index("ix_rectification_step_due_on", "rectification", ["step", "due_on"], unique=False)
    op.create_index("ix_rectification_subject", "rectification", ["subject_kind", "subject_id"], unique=False)
    op.create_table(
        "merit",
        sa.Column("id", _ID, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("subject_kind", sa.String(length=32), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("points_tenths", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("document_no", sa.String(length=200), nullable=False),
        sa.Column("project_id", _ID, nullable=True),
        sa.Column("rectification_id", _ID, nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_merit_project_id")),
        sa.ForeignKeyConstraint(["rectification_id"], ["rectification.id"], name=op.f("fk_merit_rectification_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merit")),
    )
    op.create_index(op.f("ix_merit_project_id"), "merit", ["project_id"], unique=False)
    op.create_index("ix_merit_subject", "merit", ["subject_kind", "subject_id", "happened_on"], unique=False)
    op.create_table(
        "rectification_event",
        sa.Column("id", _ID, nullable=False),
        sa.Column("rectification_id", _ID, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column("document_no", sa.String(length=200), nullable=False),
        sa.Column("old_due_on", sa.Date(), nullable=True),
        sa.Column("new_due_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["rectification_id"], ["rectification.id"], name=op.f("fk_rectification_event_rectification_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rectification_event")),
    )
    op.create_index(
        op.f("ix_rectification_event_rectification_id"), "rectification_event", ["rectification_id"], unique=False
    )
    op.create_table(
        "report_correction",
        sa.Column("id", _ID, nullable=False),
        sa.Column("report_id", _ID, nullable=True),
        sa.Column("project_id", _ID, nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("old", sa.Text(), nullable=False),
        sa.Column("new", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("document_no", sa.String(length=200), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposed_by", sa.String(length=64), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.String(length=64), nullable=False),
        sa.Column("decision_note", sa.String(length=400), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_report_correction_project_id")),
        sa.ForeignKeyConstraint(["report_id"], ["investment_report.id"], name=op.f("fk_report_correction_report_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_correction")),
    )
    op.create_index(op.f("ix_report_correction_month"), "report_correction", ["month"], unique=False)
    op.create_index(op.f("ix_report_correction_project_id"), "report_correction", ["project_id"], unique=False)
    _freeze_snapshots()
    # What was kept as sentences is kept as hits now: an unstamped head has the roll-ups made anew.
    with op.batch_alter_table("project_state", schema=None) as batch_op:
        batch_op.alter_column("reasons", new_column_name="hits")
    op.execute("UPDATE project_state SET hits = '[]'")
    op.execute("UPDATE store_head SET figures_on = NULL, figures_month = ''")


def _freeze_snapshots() -> None:
    """A published round is never rewritten: the store itself refuses, as it does for the audit."""
    if op.get_bind().dialect.name == "sqlite":
        for verb, when in (("UPDATE", ""), ("DELETE", f"WHEN NOT {_IN_DEMO} ")):
            op.execute(
                f"CREATE TRIGGER round_snapshot_no_{verb.lower()} BEFORE {verb} ON round_snapshot {when}"
                "BEGIN SELECT RAISE(ABORT, 'round_snapshot is append-only'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION refuse_snapshot_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF TG_OP = 'DELETE' AND {_IN_DEMO} THEN RETURN NULL; END IF; "
        "RAISE EXCEPTION 'round_snapshot is append-only'; END $$"
    )
    op.execute(
        "CREATE TRIGGER round_snapshot_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON round_snapshot "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_snapshot_change()"
    )


def downgrade() -> None:
    with op.batch_alter_table("project_state", schema=None) as batch_op:
        batch_op.alter_column("hits", new_column_name="reasons")
    op.execute("UPDATE project_state SET reasons = '[]'")
    op.execute("UPDATE store_head SET figures_on = NULL, figures_month = ''")
    op.drop_index(op.f("ix_report_correction_project_id"), table_name="report_correction")
    op.drop_index(op.f("ix_report_correction_month"), table_name="report_correction")
    op.drop_table("report_correction")
    op.drop_index(op.f("ix_rectification_event_rectification_id"), table_name="rectification_event")
    op.drop_table("rectification_event")
    op.drop_index("ix_merit_subject", table_name="merit")
    op.drop_index(op.f("ix_merit_project_id"), table_name="merit")
    op.drop_table("merit")
    op.drop_index("ix_rectification_subject", table_name="rectification")
    op.drop_index("ix_rectification_step_due_on", table_name="rectification")
    op.drop_index("ix_rectification_raise_on", table_name="rectification")
    op.drop_index(op.f("ix_rectification_project_id"), table_name="rectification")
    op.drop_table("rectification")
    op.drop_index("ix_process_fact_subject", table_name="process_fact")
    op.drop_index(op.f("ix_process_fact_project_id"), table_name="process_fact")
    op.drop_table("process_fact")
    op.drop_index(op.f("ix_attachment_sha256"), table_name="attachment")
    op.drop_index(op.f("ix_attachment_project_id"), table_name="attachment")
    op.drop_index("ix_attachment_entity", table_name="attachment")
    op.drop_table("attachment")
    op.drop_table("round_snapshot")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION refuse_snapshot_change()")
    op.drop_index("ix_flag_override_round_subject", table_name="flag_override")
    op.drop_table("flag_override")
    op.drop_index("ix_flag_decision_subject", table_name="flag_decision")
    op.drop_index("ix_flag_decision_round_kind_urgency", table_name="flag_decision")
    op.drop_table("flag_decision")
    op.drop_table("bulletin")
    op.drop_table("supervision_round")
    op.drop_table("month_archive_part")
    op.drop_table("month_close")
    op.drop_table("document_template")
    op.drop_table("calendar_override")
    op.drop_table("attachment_content")
