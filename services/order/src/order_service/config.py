"""What the order service is told from outside, besides what every service is told."""

from pathlib import Path

from bela_kit.settings import ServiceSettings
from pydantic_settings import SettingsConfigDict


class OrderSettings(ServiceSettings):
    """Settings of the order service; variables begin with `ORDER_`."""

    model_config = SettingsConfigDict(
        env_prefix="ORDER_", frozen=True, extra="ignore", env_ignore_empty=True, hide_input_in_errors=True
    )

    catalog_target: str = "unix:/nonexistent/catalog.sock"
    """gRPC target of the catalog: `unix:/path` or `dns:///host:port`."""
    vendor_target: str = "unix:/nonexistent/vendor.sock"
    """gRPC target of the vendor registry."""
    catalog_deadline_seconds: float = 2.0
    """How long a question to the catalog may take."""
    vendor_deadline_seconds: float = 2.0
    """How long a question to the registry may take."""
    holidays_file: Path = Path("reference/holidays.json")
    """Days on which offices are closed; relative to the working folder, else to the installation."""

    def holidays_path(self) -> Path:
        """Return where the holidays are: as told, else beside the installation this code runs from."""
        if self.holidays_file.is_absolute() or self.holidays_file.exists():
            return self.holidays_file
        return Path(__file__).resolve().parents[4] / self.holidays_file
