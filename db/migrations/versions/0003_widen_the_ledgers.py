"""Keep imported files, mends and profiles; open assets, funding bids, policy terms, feeds; widen plots and matters."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "import_profile",
        sa.Column("id", _ID, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("mapping", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=64), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_profile")),
        sa.UniqueConstraint("kind", "name", name=op.f("uq_import_profile_kind_name")),
    )
    op.create_table(
        "feed_key",
        sa.Column("id", _ID, nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", _ID, nullable=False),
        sa.Column("label", sa.String(length=100), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_feed_key_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed_key")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_feed_key_key_hash")),
    )
    with op.batch_alter_table("feed_key", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_feed_key_user_id"), ["user_id"], unique=False)

    op.create_table(
        "asset",
        sa.Column("id", _ID, nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("category", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("county_id", _ID, nullable=True),
        sa.Column("holder_unit_id", _ID, nullable=True),
        sa.Column("responsible_unit_id", _ID, nullable=True),
        sa.Column("location", sa.String(length=400), nullable=False),
        sa.Column("area_sqm", sa.BigInteger(), nullable=True),
        sa.Column("title_no", sa.String(length=200), nullable=False),
        sa.Column("acquired_on", sa.Date(), nullable=True),
        sa.Column("original_book_value_yuan", sa.BigInteger(), nullable=True),
        sa.Column("net_book_value_yuan", sa.BigInteger(), nullable=True),
        sa.Column("appraised_value_yuan", sa.BigInteger(), nullable=True),
        sa.Column("appraised_on", sa.Date(), nullable=True),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("disposal_method", sa.String(length=32), nullable=False),
        sa.Column("disposal_measure", sa.String(length=1000), nullable=False),
        sa.Column("disposal_due_on", sa.Date(), nullable=True),
        sa.Column("revitalized_yuan", sa.BigInteger(), nullable=True),
        sa.Column("received_yuan", sa.BigInteger(), nullable=True),
        sa.Column("problem", sa.String(length=1000), nullable=False),
        sa.Column("remark", sa.String(length=1000), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["county_id"], ["county.id"], name=op.f("fk_asset_county_id")),
        sa.ForeignKeyConstraint(["holder_unit_id"], ["unit.id"], name=op.f("fk_asset_holder_unit_id")),
        sa.ForeignKeyConstraint(["responsible_unit_id"], ["unit.id"], name=op.f("fk_asset_responsible_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asset")),
        sa.UniqueConstraint("code", name=op.f("uq_asset_code")),
    )
    with op.batch_alter_table("asset", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_asset_county_id"), ["county_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_asset_holder_unit_id"), ["holder_unit_id"], unique=False)

    op.create_table(
        "import_mend",
        sa.Column("id", _ID, nullable=False),
        sa.Column("batch_id", _ID, nullable=False),
        sa.Column("sheet", sa.String(length=100), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("column", sa.Integer(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("mended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("mended_by", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batch.id"], name=op.f("fk_import_mend_batch_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_mend")),
        sa.UniqueConstraint(
            "batch_id", "sheet", "row", "column", name=op.f("uq_import_mend_batch_id_sheet_row_column")
        ),
    )
    op.create_table(
        "funding_bid",
        sa.Column("id", _ID, nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("category", sa.String(length=32), nullable=False),
        sa.Column("county_id", _ID, nullable=True),
        sa.Column("project_id", _ID, nullable=True),
        sa.Column("responsible_unit_id", _ID, nullable=True),
        sa.Column("higher_authority", sa.String(length=200), nullable=False),
        sa.Column("requested_yuan", sa.BigInteger(), nullable=True),
        sa.Column("requested_on", sa.Date(), nullable=True),
        sa.Column("grant_document_no", sa.String(length=200), nullable=False),
        sa.Column("granted_on", sa.Date(), nullable=True),
        sa.Column("granted_yuan", sa.BigInteger(), nullable=True),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column("received_yuan", sa.BigInteger(), nullable=True),
        sa.Column("spent_yuan", sa.BigInteger(), nullable=True),
        sa.Column("is_competitive", sa.Boolean(), nullable=True),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("remark", sa.String(length=1000), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["county_id"], ["county.id"], name=op.f("fk_funding_bid_county_id")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_funding_bid_project_id")),
        sa.ForeignKeyConstraint(["responsible_unit_id"], ["unit.id"], name=op.f("fk_funding_bid_responsible_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_funding_bid")),
        sa.UniqueConstraint("code", name=op.f("uq_funding_bid_code")),
    )
    with op.batch_alter_table("funding_bid", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_funding_bid_county_id"), ["county_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_funding_bid_project_id"), ["project_id"], unique=False)

    op.create_table(
        "policy_terms",
        sa.Column("id", _ID, nullable=False),
        sa.Column("matter_id", _ID, nullable=False),
        sa.Column("document_no", sa.String(length=100), nullable=False),
        sa.Column("clause", sa.Text(), nullable=False),
        sa.Column("level", sa.String(length=32), nullable=False),
        sa.Column("audience", sa.String(length=400), nullable=False),
        sa.Column("conditions", sa.Text(), nullable=False),
        sa.Column("delivery_channel", sa.String(length=200), nullable=False),
        sa.Column("delivered_on", sa.Date(), nullable=True),
        sa.Column("target_count", sa.Integer(), nullable=True),
        sa.Column("delivered_count", sa.Integer(), nullable=True),
        sa.Column("applied_count", sa.Integer(), nullable=True),
        sa.Column("approved_yuan", sa.BigInteger(), nullable=True),
        sa.Column("honoured_yuan", sa.BigInteger(), nullable=True),
        sa.Column("honoured_count", sa.Integer(), nullable=True),
        sa.Column("unhonoured_reason", sa.String(length=400), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["matter_id"], ["matter.id"], name=op.f("fk_policy_terms_matter_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_terms")),
        sa.UniqueConstraint("matter_id", name=op.f("uq_policy_terms_matter_id")),
    )
    with op.batch_alter_table("import_batch", schema=None) as batch_op:
        batch_op.add_column(sa.Column("content", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("parent_id", _ID, nullable=True))
        batch_op.add_column(sa.Column("profile_id", _ID, nullable=True))
        batch_op.add_column(sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("confirmed_by", sa.String(length=64), server_default="", nullable=False))
        batch_op.add_column(sa.Column("first_seq", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("last_seq", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("undone_by", sa.String(length=64), server_default="", nullable=False))
        batch_op.create_index(batch_op.f("ix_import_batch_parent_id"), ["parent_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_import_batch_parent_id"), "import_batch", ["parent_id"], ["id"])
        batch_op.create_foreign_key(batch_op.f("fk_import_batch_profile_id"), "import_profile", ["profile_id"], ["id"])

    with op.batch_alter_table("investment_report", schema=None) as batch_op:
        batch_op.alter_column("done_yuan", existing_type=sa.BigInteger(), nullable=True)

    with op.batch_alter_table("matter", schema=None) as batch_op:
        batch_op.add_column(sa.Column("source", sa.String(length=64), server_default="", nullable=False))
        batch_op.add_column(sa.Column("supporting_units", sa.String(length=400), server_default="", nullable=False))
        batch_op.add_column(sa.Column("responsible_leader", sa.String(length=64), server_default="", nullable=False))
        batch_op.add_column(sa.Column("assigned_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("progress", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("replied_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("outcome", sa.String(length=64), server_default="", nullable=False))
        batch_op.add_column(sa.Column("resolved_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("satisfaction", sa.String(length=32), server_default="", nullable=False))
        batch_op.add_column(sa.Column("remark", sa.String(length=1000), server_default="", nullable=False))

    with op.batch_alter_table("milestone", schema=None) as batch_op:
        batch_op.add_column(sa.Column("source_key", sa.String(length=100), server_default="", nullable=False))

    with op.batch_alter_table("parcel", schema=None) as batch_op:
        batch_op.add_column(sa.Column("building_density_pct", sa.Float(), nullable=True))
        batch_op.add_column(sa.Column("green_ratio_pct", sa.Float(), nullable=True))
        batch_op.add_column(sa.Column("approval_no", sa.String(length=100), server_default="", nullable=False))
        batch_op.add_column(sa.Column("approved_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("supply_method", sa.String(length=32), server_default="", nullable=False))
        batch_op.add_column(sa.Column("contract_no", sa.String(length=100), server_default="", nullable=False))
        batch_op.add_column(sa.Column("finish_due_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("started_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("disposal_measure", sa.String(length=400), server_default="", nullable=False))
        batch_op.add_column(sa.Column("disposal_due_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("intended_project", sa.String(length=200), server_default="", nullable=False))
        batch_op.add_column(sa.Column("standard_terms", sa.String(length=400), server_default="", nullable=False))
        batch_op.add_column(sa.Column("remark", sa.String(length=1000), server_default="", nullable=False))
        batch_op.add_column(sa.Column("declared_area_sqm", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("source_crs", sa.String(length=32), server_default="", nullable=False))
        batch_op.alter_column("center_longitude", existing_type=sa.FLOAT(), nullable=True)
        batch_op.alter_column("center_latitude", existing_type=sa.FLOAT(), nullable=True)


def downgrade() -> None:

    op.execute("DELETE FROM parcel_use WHERE parcel_id IN (SELECT id FROM parcel WHERE center_longitude IS NULL)")
    op.execute("DELETE FROM parcel WHERE center_longitude IS NULL")
    with op.batch_alter_table("parcel", schema=None) as batch_op:
        batch_op.alter_column("center_latitude", existing_type=sa.FLOAT(), nullable=False)
        batch_op.alter_column("center_longitude", existing_type=sa.FLOAT(), nullable=False)
        batch_op.drop_column("source_crs")
        batch_op.drop_column("declared_area_sqm")
        batch_op.drop_column("remark")
        batch_op.drop_column("standard_terms")
        batch_op.drop_column("intended_project")
        batch_op.drop_column("disposal_due_on")
        batch_op.drop_column("disposal_measure")
        batch_op.drop_column("started_on")
        batch_op.drop_column("finish_due_on")
        batch_op.drop_column("contract_no")
        batch_op.drop_column("supply_method")
        batch_op.drop_column("approved_on")
        batch_op.drop_column("approval_no")
        batch_op.drop_column("green_ratio_pct")
        batch_op.drop_column("building_density_pct")

    op.execute("UPDATE investment_report SET done_yuan = 0 WHERE done_yuan IS NULL")
    with op.batch_alter_table("investment_report", schema=None) as batch_op:
        batch_op.alter_column("done_yuan", existing_type=sa.BigInteger(), nullable=False)

    with op.batch_alter_table("milestone", schema=None) as batch_op:
        batch_op.drop_column("source_key")

    with op.batch_alter_table("matter", schema=None) as batch_op:
        batch_op.drop_column("remark")
        batch_op.drop_column("satisfaction")
        batch_op.drop_column("resolved_on")
        batch_op.drop_column("outcome")
        batch_op.drop_column("replied_on")
        batch_op.drop_column("progress")
        batch_op.drop_column("assigned_on")
        batch_op.drop_column("responsible_leader")
        batch_op.drop_column("supporting_units")
        batch_op.drop_column("source")

    with op.batch_alter_table("import_batch", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_import_batch_profile_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_import_batch_parent_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_import_batch_parent_id"))
        batch_op.drop_column("undone_by")
        batch_op.drop_column("undone_at")
        batch_op.drop_column("last_seq")
        batch_op.drop_column("first_seq")
        batch_op.drop_column("confirmed_by")
        batch_op.drop_column("confirmed_at")
        batch_op.drop_column("profile_id")
        batch_op.drop_column("parent_id")
        batch_op.drop_column("content")

    op.drop_table("policy_terms")
    with op.batch_alter_table("funding_bid", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_funding_bid_project_id"))
        batch_op.drop_index(batch_op.f("ix_funding_bid_county_id"))

    op.drop_table("funding_bid")
    op.drop_table("import_mend")
    with op.batch_alter_table("asset", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_asset_holder_unit_id"))
        batch_op.drop_index(batch_op.f("ix_asset_county_id"))

    op.drop_table("asset")
    with op.batch_alter_table("feed_key", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_feed_key_user_id"))

    op.drop_table("feed_key")
    op.drop_table("import_profile")
