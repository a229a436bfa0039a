"""The mailing lists of the full membership and of working groups."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0014"
down_revision = "0013"

WORD = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
INSTANT = sa.BigInteger().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")


def upgrade() -> None:
    """Make them."""
    op.create_table(
        "mailing_list",
        *(sa.Column(name, WORD, nullable=False) for name in ("community", "body", "address", "subscribe")),
        sa.Column("attested_by", WORD),
        sa.Column("linked_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("community", "body", name="pk_mailing_list"),
        sqlite_with_rowid=False,
    )
