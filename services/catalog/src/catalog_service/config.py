"""Every setting of the catalog, its default and its unit."""

from pathlib import Path

from bela_kit.settings import ServiceSettings
from pydantic_settings import SettingsConfigDict


class CatalogSettings(ServiceSettings):
    """Environment variables with the prefix `CATALOG_`."""

    model_config = SettingsConfigDict(
        env_prefix="CATALOG_", frozen=True, extra="ignore", env_ignore_empty=True, hide_input_in_errors=True
    )

    reference_file: Path = Path("reference/categories.json")
    """Seed of categories and profiles, read by `migrate`; relative to the working folder, else to the installation."""
    consumer_batch_events: int = 500
    """Events a projection takes at once."""

    def seed_path(self) -> Path:
        """Return where the seed is: as told, else beside the installation this code runs from.

        That is the repository for a development install and the prefix in an image: the same number of folders up.
        """
        if self.reference_file.is_absolute() or self.reference_file.exists():
            return self.reference_file
        return Path(__file__).resolve().parents[4] / self.reference_file
