"""Notes that somebody keeps about a thing for themselves alone."""

import sqlalchemy as sa
from alembic import op

from projections.read_model import Moment

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "directory_private_notes",
        sa.Column("subject", sa.Uuid, primary_key=True),
        sa.Column("about", sa.Uuid, primary_key=True),
        sa.Column("key_id", sa.String(32), nullable=False),
        sa.Column("ciphertext", sa.Text, nullable=False),
        sa.Column("saved_at", Moment, nullable=False),
    )
