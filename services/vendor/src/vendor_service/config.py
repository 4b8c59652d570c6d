"""Every setting of the register, its default and its unit."""

from pathlib import Path

from bela_kit.settings import ServiceSettings
from pydantic_settings import SettingsConfigDict


class VendorSettings(ServiceSettings):
    """Environment variables with the prefix `VENDOR_`."""

    model_config = SettingsConfigDict(
        env_prefix="VENDOR_", frozen=True, extra="ignore", env_ignore_empty=True, hide_input_in_errors=True
    )

    areas_file: Path = Path("reference/areas.csv.gz")
    """Seed of the areas, read by `migrate`; relative to the working folder, then to the repository."""

    def areas_path(self) -> Path:
        """Return where the seed is: as told, else in the repository this code runs from."""
        if self.areas_file.is_absolute() or self.areas_file.exists():
            return self.areas_file
        return Path(__file__).resolve().parents[4] / self.areas_file
