"""Sessions of people who signed in."""

import sqlalchemy as sa
from alembic import op

from projections.read_model import Moment

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the table of sessions."""
    op.create_table(
        "directory_sessions",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("digest", sa.String(64), nullable=False, unique=True),
        sa.Column("subject", sa.Uuid, nullable=False, index=True),
        sa.Column("how", sa.String(40), nullable=False),
        sa.Column("began_at", Moment, nullable=False),
        sa.Column("seen_at", Moment, nullable=False),
        sa.Column("proved_at", Moment),
        sa.Column("expires_at", Moment, nullable=False),
    )
