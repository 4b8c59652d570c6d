"""Settings of reporting, read from variables that begin with `REPORTING_`."""

from pathlib import Path

from bela_kit.settings import ServiceSettings
from pydantic_settings import SettingsConfigDict


class ReportingSettings(ServiceSettings):
    """What reporting needs beside what every service needs."""

    model_config = SettingsConfigDict(env_prefix="REPORTING_")

    openapi_file: str = ""
    """Path of the merged OpenAPI document; without it `/openapi.json` is this service's own."""

    areas_file: Path = Path("reference/areas.csv.gz")
    """Names of kecamatan and desa; a relative path is looked up here, then at the root of the repository."""

    public_url: str = ""
    """Origin under which the public reaches the gateway, for links in OCDS packages; empty means as asked."""

    @property
    def areas_path(self) -> Path:
        """The file of areas, wherever the process was started."""
        if self.areas_file.is_absolute() or self.areas_file.exists():
            return self.areas_file
        return Path(__file__).resolve().parents[4] / self.areas_file
