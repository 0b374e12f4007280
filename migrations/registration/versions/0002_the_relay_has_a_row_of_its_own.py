"""The relay's marks leave the log's head, so that the relay waits for no writer."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_table(
        "relay_state",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("published", sa.BigInteger(), nullable=False),
        sa.Column("replay_floor", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.execute(
        "insert into relay_state (name, published, replay_floor) select name, published, replay_floor from log_head"
    )
    with op.batch_alter_table("log_head", schema=None) as batch_op:
        batch_op.drop_column("published")
        batch_op.drop_column("replay_floor")
