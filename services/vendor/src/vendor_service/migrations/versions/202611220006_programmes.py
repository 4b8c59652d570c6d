"""Create programmes: filled in with the feature."""

revision: str = "202611220006"
down_revision: str | None = "202611220005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
