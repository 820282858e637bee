"""Lists as somebody looks at them, saved under a name."""

import sqlalchemy as sa
from alembic import op

from projections.read_model import Moment

revision = "0010"
down_revision = "0006"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "directory_saved_views",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("subject", sa.Uuid, nullable=False, index=True),
        sa.Column("key_id", sa.String(32), nullable=False),
        sa.Column("ciphertext", sa.Text, nullable=False),
        sa.Column("saved_at", Moment, nullable=False),
    )
