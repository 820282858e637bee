"""Identities that a provider tells, and who is on the way to it and back."""

import sqlalchemy as sa
from alembic import op

from projections.read_model import Moment

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make the two tables."""
    op.create_table(
        "directory_identities",
        sa.Column("issuer", sa.String(200), primary_key=True),
        sa.Column("identifier", sa.String(255), primary_key=True),
        sa.Column("subject", sa.Uuid, nullable=False, index=True),
        sa.Column("bound_at", Moment, nullable=False),
    )
    op.create_table(
        "directory_departures",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("errand", sa.String(40), nullable=False),
        sa.Column("of_id", sa.Uuid),
        sa.Column("subject", sa.Uuid, index=True),
        sa.Column("page", sa.String(500), nullable=False),
        sa.Column("began_at", Moment, nullable=False),
        sa.Column("expires_at", Moment, nullable=False),
    )
