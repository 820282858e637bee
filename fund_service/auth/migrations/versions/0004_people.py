"""People: what the log never holds, a name and how to reach somebody."""

import sqlalchemy as sa
from alembic import op

from projections.read_model import Moment, Words

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the table of people."""
    op.create_table(
        "directory_people",
        sa.Column("subject", sa.Uuid, primary_key=True),
        sa.Column("full_name", Words, nullable=False),
        sa.Column("email", Words, nullable=False),
        sa.Column("language", sa.String(10), nullable=False),
        sa.Column("telephone", Words),
        sa.Column("unit", Words),
        sa.Column("changed_at", Moment, nullable=False),
    )
