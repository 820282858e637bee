"""Forms that somebody has begun and not sent."""

import sqlalchemy as sa
from alembic import op

from projections.read_model import Moment

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "directory_form_drafts",
        sa.Column("subject", sa.Uuid, primary_key=True),
        sa.Column("page", sa.String(500), primary_key=True),
        sa.Column("key_id", sa.String(32), nullable=False),
        sa.Column("ciphertext", sa.Text, nullable=False),
        sa.Column("saved_at", Moment, nullable=False),
    )
