"""Link an account to its person, its superior and its address for reminders."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_LINKS = (("person_id", "person"), ("superior_id", "user_account"))


def upgrade() -> None:
    with op.batch_alter_table("user_account", schema=None) as batch_op:
        for name, target in _LINKS:
            batch_op.add_column(sa.Column(name, _ID, nullable=True))
            batch_op.create_foreign_key(batch_op.f(f"fk_user_account_{name}"), target, [name], ["id"])
        batch_op.add_column(sa.Column("email", sa.String(length=200), server_default="", nullable=False))
        batch_op.create_index(batch_op.f("ix_user_account_person_id"), ["person_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("user_account", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_user_account_person_id"))
        batch_op.drop_column("email")
        for name, _ in _LINKS:
            batch_op.drop_constraint(batch_op.f(f"fk_user_account_{name}"), type_="foreignkey")
            batch_op.drop_column(name)
