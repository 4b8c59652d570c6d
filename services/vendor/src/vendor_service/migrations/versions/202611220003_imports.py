"""Widen imports: filled in with the feature."""

revision: str = "202611220003"
down_revision: str | None = "202611210002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
