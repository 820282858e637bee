"""The directory begins: tokens."""

import sqlalchemy as sa
from alembic import op

from projections.read_model import Moment

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the table of tokens."""
    op.create_table(
        "directory_tokens",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("digest", sa.String(64), nullable=False, unique=True),
        sa.Column("subject", sa.Uuid, nullable=False, index=True),
        sa.Column("role", sa.String(40)),
        sa.Column("label", sa.Text, nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("expires_at", Moment, nullable=False),
        sa.Column("ended_at", Moment),
    )
