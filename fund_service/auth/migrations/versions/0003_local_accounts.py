"""Local accounts: how people sign in by name and password, the links that invite them, second factors."""

import sqlalchemy as sa
from alembic import op

from projections.read_model import Moment

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the four tables."""
    op.create_table(
        "directory_logins",
        sa.Column("subject", sa.Uuid, primary_key=True),
        sa.Column("name", sa.String(100), nullable=False, unique=True),
        sa.Column("hash", sa.Text, nullable=False),
        sa.Column("changed_at", Moment, nullable=False),
    )
    op.create_table(
        "directory_invitations",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("digest", sa.String(64), nullable=False, unique=True),
        sa.Column("code_digest", sa.String(64), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("subject", sa.Uuid, nullable=False, index=True),
        sa.Column("renews", sa.Boolean, nullable=False),
        sa.Column("made_at", Moment, nullable=False),
        sa.Column("expires_at", Moment, nullable=False),
    )
    op.create_table(
        "directory_second_factors",
        sa.Column("subject", sa.Uuid, primary_key=True),
        sa.Column("key_id", sa.String(32), nullable=False),
        sa.Column("ciphertext", sa.Text, nullable=False),
        sa.Column("confirmed_at", Moment),
        sa.Column("last_step", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "directory_recovery_codes",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("subject", sa.Uuid, nullable=False, index=True),
    )
