"""Create sanctions: filled in with the feature."""

revision: str = "202611220007"
down_revision: str | None = "202611220006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
