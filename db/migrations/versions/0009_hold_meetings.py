"""Hold meetings: agenda, decisions, minutes."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TABLES = ("meeting", "meeting_item", "meeting_decision", "meeting_note")
_INDEXES = (
    ("meeting", "county_id"),
    ("meeting", "headquarters_id"),
    ("meeting", "previous_meeting_id"),
    ("meeting_item", "meeting_id"),
    ("meeting_item", "project_id"),
    ("meeting_decision", "item_id"),
    ("meeting_decision", "matter_id"),
    ("meeting_note", "meeting_id"),
)


def _version() -> sa.Column[int]:
    return sa.Column("version", sa.Integer(), server_default="1", nullable=False)


def _text(name: str, length: int) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=length), nullable=False)


def _refers(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))


def upgrade() -> None:
    op.create_table(
        "meeting",
        sa.Column("id", _ID, nullable=False),
        _text("code", 32),
        _text("title", 200),
        _text("kind", 32),
        sa.Column("held_on", sa.Date(), nullable=False),
        _text("starts_at", 5),
        _text("place", 200),
        _text("chair", 64),
        _text("participants", 1000),
        sa.Column("county_id", _ID, nullable=True),
        sa.Column("headquarters_id", _ID, nullable=True),
        _text("status", 32),
        sa.Column("previous_meeting_id", _ID, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        _text("created_by", 64),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        _text("closed_by", 64),
        sa.Column("minutes", sa.Text(), nullable=False),
        _text("minutes_sha256", 64),
        _version(),
        _refers("meeting", "county_id", "county"),
        _refers("meeting", "headquarters_id", "headquarters"),
        _refers("meeting", "previous_meeting_id", "meeting"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
        sa.UniqueConstraint("code", name=op.f("uq_meeting_code")),
    )
    op.create_table(
        "meeting_item",
        sa.Column("id", _ID, nullable=False),
        sa.Column("meeting_id", _ID, nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        _text("topic", 32),
        _text("subject", 32),
        sa.Column("subject_id", _ID, nullable=True),
        sa.Column("project_id", _ID, nullable=True),
        _text("title", 200),
        _text("reason", 1000),
        sa.Column("discussion", sa.Text(), nullable=False),
        _text("state", 32),
        _version(),
        _refers("meeting_item", "meeting_id", "meeting"),
        _refers("meeting_item", "project_id", "project"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_item")),
    )
    op.create_table(
        "meeting_decision",
        sa.Column("id", _ID, nullable=False),
        sa.Column("item_id", _ID, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("owner_unit_id", _ID, nullable=True),
        _text("owner", 64),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("is_noted", sa.Boolean(), nullable=False),
        sa.Column("is_withdrawn", sa.Boolean(), nullable=False),
        sa.Column("matter_id", _ID, nullable=True),
        _version(),
        _refers("meeting_decision", "item_id", "meeting_item"),
        _refers("meeting_decision", "owner_unit_id", "unit"),
        _refers("meeting_decision", "matter_id", "matter"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_decision")),
    )
    op.create_table(
        "meeting_note",
        sa.Column("id", _ID, nullable=False),
        sa.Column("meeting_id", _ID, nullable=False),
        _text("text", 1000),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        _text("noted_by", 64),
        _refers("meeting_note", "meeting_id", "meeting"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_note")),
    )
    for table, column in _INDEXES:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)
    op.create_index("ix_meeting_held_on", "meeting", ["held_on", "id"], unique=False)
    op.create_index("ix_meeting_item_subject", "meeting_item", ["subject", "subject_id"], unique=False)


def downgrade() -> None:
    for table in reversed(_TABLES):
        op.drop_table(table)
