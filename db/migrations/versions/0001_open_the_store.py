"""Open the store: every table of the first release."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_event",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("action", sa.String(length=32), nullable=False),
        sa.Column("entity", sa.String(length=32), nullable=False),
        sa.Column("entity_id", sa.String(length=64), nullable=False),
        sa.Column("project_id", sa.BigInteger(), nullable=True),
        sa.Column("old", sa.Text(), nullable=False),
        sa.Column("new", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("headline", sa.String(length=200), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit_event")),
    )
    with op.batch_alter_table("audit_event", schema=None) as batch_op:
        batch_op.create_index("ix_audit_event_entity_entity_id", ["entity", "entity_id"], unique=False)
        batch_op.create_index(
            "ix_audit_event_headline_seq",
            ["seq"],
            unique=False,
            sqlite_where=sa.text("headline <> ''"),
            postgresql_where=sa.text("headline <> ''"),
        )
        batch_op.create_index("ix_audit_event_project_id_seq", ["project_id", "seq"], unique=False)

    op.create_table(
        "county",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("sort_order", sa.Integer(), nullable=False),
        sa.Column("boundary", sa.Text(), nullable=True),
        sa.Column("label_longitude", sa.Float(), nullable=True),
        sa.Column("label_latitude", sa.Float(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_county")),
        sa.UniqueConstraint("code", name=op.f("uq_county_code")),
        sa.UniqueConstraint("name", name=op.f("uq_county_name")),
    )
    op.create_table(
        "display_key",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("label", sa.String(length=100), nullable=False),
        sa.Column("bound_address", sa.String(length=64), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_display_key")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_display_key_key_hash")),
    )
    op.create_table(
        "import_batch",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("file_hash", sa.String(length=64), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_by", sa.String(length=64), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("row_count", sa.Integer(), nullable=False),
        sa.Column("inserted_count", sa.Integer(), nullable=False),
        sa.Column("changed_count", sa.Integer(), nullable=False),
        sa.Column("unchanged_count", sa.Integer(), nullable=False),
        sa.Column("quarantined_count", sa.Integer(), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_batch")),
    )
    with op.batch_alter_table("import_batch", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_import_batch_file_hash"), ["file_hash"], unique=False)

    op.create_table(
        "map_feature",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("geometry", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_map_feature")),
    )
    op.create_table(
        "parcel_tally",
        sa.Column("county_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("parcels", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("area_sqm", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("county_id", "status", name=op.f("pk_parcel_tally")),
    )
    op.create_table(
        "rule_set",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(length=400), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_set")),
        sa.UniqueConstraint("kind", "code", "number", name=op.f("uq_rule_set_kind_code_number")),
    )
    op.create_table(
        "setting",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_setting")),
    )
    op.create_table(
        "store_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("figures_on", sa.Date(), nullable=True),
        sa.Column("figures_month", sa.String(length=7), nullable=False),
        sa.Column("flag_rule_id", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_store_head")),
    )
    op.create_table(
        "tally",
        sa.Column("dimension", sa.String(length=16), nullable=False),
        sa.Column("key_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("key_code", sa.String(length=32), nullable=False),
        sa.Column("projects", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("total_investment_yuan", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("annual_plan_yuan", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("curve_due_yuan", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("ytd_done_yuan", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("since_start_done_yuan", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("month_plan_yuan", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("month_done_yuan", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("new_planned", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("new_started", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("start_due", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("start_due_started", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("early_started", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("unstarted", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("under_construction_or_done", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("continuing", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("continuing_resumed", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("suspended", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("finish_planned", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("finish_commissioned", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("finish_due", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("finish_due_commissioned", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("finish_due_on_time", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("milestones_due", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("milestones_on_time", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("milestones_overdue", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("milestones_due_soon", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("milestones_due_first", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("milestones_on_time_first", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("statistics_eligible", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("statistics_entered", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("funds_planned_yuan", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("funds_received_yuan", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("funds_spent_yuan", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("land_sqm", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("land_investment_yuan", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("signed", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("fulfilled", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("chain_started", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("chain_commissioned", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("chain_full_capacity", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("reserve_at_start", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("reserve_at_start_converted", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("reserve_added", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("reserve_converted", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("reports_due", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("reports_missing", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("problems_open", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("problems_overdue", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("level_ok", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("level_notice", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("level_warn", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("level_severe", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("level_no_data", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("level_exempt", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("plan_m01_yuan", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("plan_m02_yuan", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("plan_m03_yuan", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("plan_m04_yuan", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("plan_m05_yuan", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("plan_m06_yuan", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("plan_m07_yuan", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("plan_m08_yuan", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("plan_m09_yuan", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("plan_m10_yuan", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("plan_m11_yuan", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("plan_m12_yuan", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("done_m01_yuan", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("done_m02_yuan", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("done_m03_yuan", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("done_m04_yuan", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("done_m05_yuan", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("done_m06_yuan", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("done_m07_yuan", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("done_m08_yuan", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("done_m09_yuan", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("done_m10_yuan", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("done_m11_yuan", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("done_m12_yuan", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("dimension", "key_id", "key_code", name=op.f("pk_tally")),
    )
    op.create_table(
        "user_account",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("login", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("password_hash", sa.String(length=255), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("must_change_password", sa.Boolean(), nullable=False),
        sa.Column("failed_attempts", sa.Integer(), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_sign_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_account")),
        sa.UniqueConstraint("login", name=op.f("uq_user_account_login")),
    )
    op.create_table(
        "import_problem",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("batch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("sheet", sa.String(length=100), nullable=False),
        sa.Column("row", sa.Integer(), nullable=True),
        sa.Column("column", sa.String(length=200), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batch.id"], name=op.f("fk_import_problem_batch_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_problem")),
    )
    with op.batch_alter_table("import_problem", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_import_problem_batch_id"), ["batch_id"], unique=False)

    op.create_table(
        "parcel",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("county_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("area_sqm", sa.Integer(), nullable=False),
        sa.Column("use_code", sa.String(length=32), nullable=False),
        sa.Column("use_name", sa.String(length=64), nullable=False),
        sa.Column("plot_ratio", sa.Float(), nullable=True),
        sa.Column("location", sa.String(length=200), nullable=False),
        sa.Column("supplied_on", sa.Date(), nullable=True),
        sa.Column("start_due_on", sa.Date(), nullable=True),
        sa.Column("unused_reason", sa.String(length=400), nullable=False),
        sa.Column("geometry", sa.Text(), nullable=False),
        sa.Column("crs", sa.String(length=32), nullable=False),
        sa.Column("center_longitude", sa.Float(), nullable=False),
        sa.Column("center_latitude", sa.Float(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["county_id"], ["county.id"], name=op.f("fk_parcel_county_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parcel")),
        sa.UniqueConstraint("code", name=op.f("uq_parcel_code")),
    )
    with op.batch_alter_table("parcel", schema=None) as batch_op:
        batch_op.create_index("ix_parcel_county_id_status", ["county_id", "status"], unique=False)
        batch_op.create_index("ix_parcel_status_id", ["status", "id"], unique=False)

    op.create_table(
        "unit",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("county_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["county_id"], ["county.id"], name=op.f("fk_unit_county_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit")),
        sa.UniqueConstraint("name", name=op.f("uq_unit_name")),
    )
    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_unit_county_id"), ["county_id"], unique=False)

    op.create_table(
        "user_session",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("agent", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_user_session_user_id")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_user_session")),
    )
    with op.batch_alter_table("user_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_user_session_user_id"), ["user_id"], unique=False)

    op.create_table(
        "person",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("phone", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_person_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
    )
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_name"), ["name"], unique=False)
        batch_op.create_index(batch_op.f("ix_person_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "headquarters",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("short_name", sa.String(length=64), nullable=False),
        sa.Column("parent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("commander_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("sort_order", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["commander_id"], ["person.id"], name=op.f("fk_headquarters_commander_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["headquarters.id"], name=op.f("fk_headquarters_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_headquarters")),
        sa.UniqueConstraint("code", name=op.f("uq_headquarters_code")),
        sa.UniqueConstraint("name", name=op.f("uq_headquarters_name")),
    )
    with op.batch_alter_table("headquarters", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_headquarters_commander_id"), ["commander_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_headquarters_parent_id"), ["parent_id"], unique=False)

    op.create_table(
        "project",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("national_code", sa.String(length=32), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("initials", sa.String(length=200), nullable=False),
        sa.Column("county_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("headquarters_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("responsible_unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("level", sa.String(length=32), nullable=False),
        sa.Column("category", sa.String(length=32), nullable=False),
        sa.Column("nature", sa.String(length=64), nullable=False),
        sa.Column("investor", sa.String(length=64), nullable=False),
        sa.Column("owner_name", sa.String(length=200), nullable=False),
        sa.Column("stage", sa.String(length=32), nullable=False),
        sa.Column("location", sa.String(length=400), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("total_investment_yuan", sa.BigInteger(), nullable=False),
        sa.Column("prior_done_yuan", sa.BigInteger(), nullable=False),
        sa.Column("prior_year", sa.Integer(), nullable=True),
        sa.Column("start_planned_on", sa.Date(), nullable=True),
        sa.Column("finish_planned_on", sa.Date(), nullable=True),
        sa.Column("started_on", sa.Date(), nullable=True),
        sa.Column("started_land_on", sa.Date(), nullable=True),
        sa.Column("suspended_on", sa.Date(), nullable=True),
        sa.Column("resumed_on", sa.Date(), nullable=True),
        sa.Column("completed_on", sa.Date(), nullable=True),
        sa.Column("commissioned_on", sa.Date(), nullable=True),
        sa.Column("full_capacity_on", sa.Date(), nullable=True),
        sa.Column("reserved_on", sa.Date(), nullable=True),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("fulfilled_on", sa.Date(), nullable=True),
        sa.Column("entered_statistics_on", sa.Date(), nullable=True),
        sa.Column("statistics_code", sa.String(length=64), nullable=False),
        sa.Column("physical_progress", sa.String(length=1000), nullable=False),
        sa.Column("remark", sa.String(length=1000), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["county_id"], ["county.id"], name=op.f("fk_project_county_id")),
        sa.ForeignKeyConstraint(["headquarters_id"], ["headquarters.id"], name=op.f("fk_project_headquarters_id")),
        sa.ForeignKeyConstraint(["responsible_unit_id"], ["unit.id"], name=op.f("fk_project_responsible_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project")),
        sa.UniqueConstraint("code", name=op.f("uq_project_code")),
    )
    with op.batch_alter_table("project", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_project_category"), ["category"], unique=False)
        batch_op.create_index(batch_op.f("ix_project_county_id"), ["county_id"], unique=False)
        batch_op.create_index("ix_project_headquarters_id_id", ["headquarters_id", "id"], unique=False)
        batch_op.create_index("ix_project_initials", ["initials"], unique=False)
        batch_op.create_index(batch_op.f("ix_project_name"), ["name"], unique=False)
        batch_op.create_index(batch_op.f("ix_project_national_code"), ["national_code"], unique=False)
        batch_op.create_index(batch_op.f("ix_project_responsible_unit_id"), ["responsible_unit_id"], unique=False)

    op.create_table(
        "user_role",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("county_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("headquarters_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["county_id"], ["county.id"], name=op.f("fk_user_role_county_id")),
        sa.ForeignKeyConstraint(["headquarters_id"], ["headquarters.id"], name=op.f("fk_user_role_headquarters_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_user_role_unit_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_user_role_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_role")),
        sa.UniqueConstraint(
            "user_id",
            "role",
            "county_id",
            "headquarters_id",
            "unit_id",
            name=op.f("uq_user_role_user_id_role_county_id_headquarters_id_unit_id"),
        ),
    )
    op.create_table(
        "annual_plan",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("project_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("plan_yuan", sa.BigInteger(), nullable=False),
        sa.Column("goal", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_annual_plan_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_annual_plan")),
        sa.UniqueConstraint("project_id", "year", name=op.f("uq_annual_plan_project_id_year")),
    )
    op.create_table(
        "assignment",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("project_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("from_on", sa.Date(), nullable=True),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_assignment_person_id")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_assignment_project_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_assignment_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
    )
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assignment_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_assignment_project_id"), ["project_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_assignment_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "funding_line",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("project_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("source", sa.String(length=32), nullable=False),
        sa.Column("planned_yuan", sa.BigInteger(), nullable=False),
        sa.Column("received_yuan", sa.BigInteger(), nullable=False),
        sa.Column("spent_yuan", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_funding_line_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_funding_line")),
        sa.UniqueConstraint("project_id", "source", name=op.f("uq_funding_line_project_id_source")),
    )
    op.create_table(
        "investment_plan",
        sa.Column("project_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("month", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("plan_yuan", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_investment_plan_project_id")),
        sa.PrimaryKeyConstraint("project_id", "year", "month", name=op.f("pk_investment_plan")),
    )
    op.create_table(
        "investment_report",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("project_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("done_yuan", sa.BigInteger(), nullable=False),
        sa.Column("statistics_yuan", sa.BigInteger(), nullable=True),
        sa.Column("reported_ytd_yuan", sa.BigInteger(), nullable=True),
        sa.Column("physical_progress", sa.String(length=1000), nullable=False),
        sa.Column("difficulty", sa.String(length=1000), nullable=False),
        sa.Column("next_step", sa.String(length=1000), nullable=False),
        sa.Column("return_reason", sa.String(length=400), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("submitted_by", sa.String(length=64), nullable=False),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reviewed_by", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_investment_report_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_investment_report")),
        sa.UniqueConstraint("project_id", "year", "month", name=op.f("uq_investment_report_project_id_year_month")),
    )
    with op.batch_alter_table("investment_report", schema=None) as batch_op:
        batch_op.create_index("ix_investment_report_year_month_status", ["year", "month", "status"], unique=False)

    op.create_table(
        "lifecycle_event",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("project_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("document_no", sa.String(length=100), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_lifecycle_event_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lifecycle_event")),
    )
    with op.batch_alter_table("lifecycle_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lifecycle_event_project_id"), ["project_id"], unique=False)

    op.create_table(
        "list_membership",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("project_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("list_code", sa.String(length=32), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("year_class", sa.String(length=32), nullable=False),
        sa.Column("joined_on", sa.Date(), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("document_no", sa.String(length=100), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_list_membership_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_list_membership")),
        sa.UniqueConstraint(
            "project_id",
            "list_code",
            "year",
            "joined_on",
            name=op.f("uq_list_membership_project_id_list_code_year_joined_on"),
        ),
    )
    op.create_table(
        "matter",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("project_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("county_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("category", sa.String(length=64), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("lead_unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("raised_by", sa.String(length=64), nullable=False),
        sa.Column("raised_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("is_escalated", sa.Boolean(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["county_id"], ["county.id"], name=op.f("fk_matter_county_id")),
        sa.ForeignKeyConstraint(["lead_unit_id"], ["unit.id"], name=op.f("fk_matter_lead_unit_id")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_matter_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_matter")),
        sa.UniqueConstraint("code", name=op.f("uq_matter_code")),
    )
    with op.batch_alter_table("matter", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_matter_county_id"), ["county_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_matter_lead_unit_id"), ["lead_unit_id"], unique=False)
        batch_op.create_index(
            "ix_matter_open_project_id",
            ["project_id"],
            unique=False,
            sqlite_where=sa.text("closed_on IS NULL"),
            postgresql_where=sa.text("closed_on IS NULL"),
        )
        batch_op.create_index("ix_matter_project_id_kind", ["project_id", "kind"], unique=False)

    op.create_table(
        "milestone",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("project_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("is_key", sa.Boolean(), nullable=False),
        sa.Column("first_baseline_on", sa.Date(), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=False),
        sa.Column("forecast_on", sa.Date(), nullable=True),
        sa.Column("actual_on", sa.Date(), nullable=True),
        sa.Column("forecast_reason", sa.String(length=400), nullable=False),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column("responsible", sa.String(length=200), nullable=False),
        sa.Column("moves", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_milestone_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_milestone")),
    )
    with op.batch_alter_table("milestone", schema=None) as batch_op:
        batch_op.create_index(
            "ix_milestone_open_planned_on",
            ["planned_on", "project_id"],
            unique=False,
            sqlite_where=sa.text("actual_on IS NULL"),
            postgresql_where=sa.text("actual_on IS NULL"),
        )
        batch_op.create_index("ix_milestone_project_id_sequence", ["project_id", "sequence"], unique=False)

    op.create_table(
        "parcel_use",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("parcel_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("project_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=True),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["parcel_id"], ["parcel.id"], name=op.f("fk_parcel_use_parcel_id")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_parcel_use_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parcel_use")),
        sa.UniqueConstraint("parcel_id", "project_id", name=op.f("uq_parcel_use_parcel_id_project_id")),
    )
    with op.batch_alter_table("parcel_use", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_parcel_use_project_id"), ["project_id"], unique=False)

    op.create_table(
        "project_state",
        sa.Column(
            "project_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("county_id", sa.BigInteger(), nullable=False),
        sa.Column("headquarters_id", sa.BigInteger(), nullable=True),
        sa.Column("unit_id", sa.BigInteger(), nullable=True),
        sa.Column("category", sa.String(length=32), nullable=False),
        sa.Column("level", sa.String(length=32), nullable=False),
        sa.Column("urgency", sa.Integer(), nullable=False),
        sa.Column("gap_milli_pp", sa.Integer(), nullable=True),
        sa.Column("reasons", sa.Text(), server_default="[]", nullable=False),
        sa.Column("next_due_on", sa.Date(), nullable=True),
        sa.Column("projects", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("total_investment_yuan", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("annual_plan_yuan", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("curve_due_yuan", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("ytd_done_yuan", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("since_start_done_yuan", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("month_plan_yuan", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("month_done_yuan", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("new_planned", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("new_started", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("start_due", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("start_due_started", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("early_started", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("unstarted", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("under_construction_or_done", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("continuing", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("continuing_resumed", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("suspended", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("finish_planned", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("finish_commissioned", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("finish_due", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("finish_due_commissioned", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("finish_due_on_time", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("milestones_due", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("milestones_on_time", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("milestones_overdue", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("milestones_due_soon", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("milestones_due_first", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("milestones_on_time_first", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("statistics_eligible", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("statistics_entered", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("funds_planned_yuan", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("funds_received_yuan", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("funds_spent_yuan", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("land_sqm", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("land_investment_yuan", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("signed", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("fulfilled", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("chain_started", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("chain_commissioned", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("chain_full_capacity", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("reserve_at_start", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("reserve_at_start_converted", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("reserve_added", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("reserve_converted", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("reports_due", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("reports_missing", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("problems_open", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("problems_overdue", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("level_ok", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("level_notice", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("level_warn", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("level_severe", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("level_no_data", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("level_exempt", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("plan_m01_yuan", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("plan_m02_yuan", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("plan_m03_yuan", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("plan_m04_yuan", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("plan_m05_yuan", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("plan_m06_yuan", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("plan_m07_yuan", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("plan_m08_yuan", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("plan_m09_yuan", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("plan_m10_yuan", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("plan_m11_yuan", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("plan_m12_yuan", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("done_m01_yuan", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("done_m02_yuan", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("done_m03_yuan", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("done_m04_yuan", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("done_m05_yuan", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("done_m06_yuan", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("done_m07_yuan", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("done_m08_yuan", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("done_m09_yuan", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("done_m10_yuan", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("done_m11_yuan", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("done_m12_yuan", sa.BigInteger(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_project_state_project_id")),
        sa.PrimaryKeyConstraint("project_id", name=op.f("pk_project_state")),
    )
    with op.batch_alter_table("project_state", schema=None) as batch_op:
        batch_op.create_index("ix_project_state_county_urgency", ["county_id", "urgency", "project_id"], unique=False)
        batch_op.create_index(
            "ix_project_state_headquarters_urgency", ["headquarters_id", "urgency", "project_id"], unique=False
        )
        batch_op.create_index("ix_project_state_unit_id", ["unit_id"], unique=False)
        batch_op.create_index("ix_project_state_urgency", ["urgency", "project_id"], unique=False)

    op.create_table(
        "matter_event",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("matter_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["matter_id"], ["matter.id"], name=op.f("fk_matter_event_matter_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_matter_event")),
    )
    with op.batch_alter_table("matter_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_matter_event_matter_id"), ["matter_id"], unique=False)

    op.create_table(
        "milestone_baseline",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("milestone_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=False),
        sa.Column("previous_on", sa.Date(), nullable=True),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("set_by", sa.String(length=64), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["milestone_id"], ["milestone.id"], name=op.f("fk_milestone_baseline_milestone_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_milestone_baseline")),
    )
    with op.batch_alter_table("milestone_baseline", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_milestone_baseline_milestone_id"), ["milestone_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("milestone_baseline", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_milestone_baseline_milestone_id"))

    op.drop_table("milestone_baseline")
    with op.batch_alter_table("matter_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_matter_event_matter_id"))

    op.drop_table("matter_event")
    with op.batch_alter_table("project_state", schema=None) as batch_op:
        batch_op.drop_index("ix_project_state_urgency")
        batch_op.drop_index("ix_project_state_unit_id")
        batch_op.drop_index("ix_project_state_headquarters_urgency")
        batch_op.drop_index("ix_project_state_county_urgency")

    op.drop_table("project_state")
    with op.batch_alter_table("parcel_use", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_parcel_use_project_id"))

    op.drop_table("parcel_use")
    with op.batch_alter_table("milestone", schema=None) as batch_op:
        batch_op.drop_index("ix_milestone_project_id_sequence")
        batch_op.drop_index(
            "ix_milestone_open_planned_on",
            sqlite_where=sa.text("actual_on IS NULL"),
            postgresql_where=sa.text("actual_on IS NULL"),
        )

    op.drop_table("milestone")
    with op.batch_alter_table("matter", schema=None) as batch_op:
        batch_op.drop_index("ix_matter_project_id_kind")
        batch_op.drop_index(
            "ix_matter_open_project_id",
            sqlite_where=sa.text("closed_on IS NULL"),
            postgresql_where=sa.text("closed_on IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_matter_lead_unit_id"))
        batch_op.drop_index(batch_op.f("ix_matter_county_id"))

    op.drop_table("matter")
    op.drop_table("list_membership")
    with op.batch_alter_table("lifecycle_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lifecycle_event_project_id"))

    op.drop_table("lifecycle_event")
    with op.batch_alter_table("investment_report", schema=None) as batch_op:
        batch_op.drop_index("ix_investment_report_year_month_status")

    op.drop_table("investment_report")
    op.drop_table("investment_plan")
    op.drop_table("funding_line")
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_assignment_unit_id"))
        batch_op.drop_index(batch_op.f("ix_assignment_project_id"))
        batch_op.drop_index(batch_op.f("ix_assignment_person_id"))

    op.drop_table("assignment")
    op.drop_table("annual_plan")
    op.drop_table("user_role")
    with op.batch_alter_table("project", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_project_responsible_unit_id"))
        batch_op.drop_index(batch_op.f("ix_project_national_code"))
        batch_op.drop_index(batch_op.f("ix_project_name"))
        batch_op.drop_index("ix_project_initials")
        batch_op.drop_index("ix_project_headquarters_id_id")
        batch_op.drop_index(batch_op.f("ix_project_county_id"))
        batch_op.drop_index(batch_op.f("ix_project_category"))

    op.drop_table("project")
    with op.batch_alter_table("headquarters", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_headquarters_parent_id"))
        batch_op.drop_index(batch_op.f("ix_headquarters_commander_id"))

    op.drop_table("headquarters")
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_unit_id"))
        batch_op.drop_index(batch_op.f("ix_person_name"))

    op.drop_table("person")
    with op.batch_alter_table("user_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_user_session_user_id"))

    op.drop_table("user_session")
    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_unit_county_id"))

    op.drop_table("unit")
    with op.batch_alter_table("parcel", schema=None) as batch_op:
        batch_op.drop_index("ix_parcel_county_id_status")

    op.drop_table("parcel")
    with op.batch_alter_table("import_problem", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_import_problem_batch_id"))

    op.drop_table("import_problem")
    op.drop_table("user_account")
    op.drop_table("tally")
    op.drop_table("store_head")
    op.drop_table("setting")
    op.drop_table("rule_set")
    op.drop_table("parcel_tally")
    op.drop_table("map_feature")
    with op.batch_alter_table("import_batch", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_import_batch_file_hash"))

    op.drop_table("import_batch")
    op.drop_table("display_key")
    op.drop_table("county")
    with op.batch_alter_table("audit_event", schema=None) as batch_op:
        batch_op.drop_index("ix_audit_event_project_id_seq")
        batch_op.drop_index(
            "ix_audit_event_headline_seq",
            sqlite_where=sa.text("headline <> ''"),
            postgresql_where=sa.text("headline <> ''"),
        )
        batch_op.drop_index("ix_audit_event_entity_entity_id")

    op.drop_table("audit_event")
