"""Settings of reporting, read from variables that begin with `REPORTING_`."""

from bela_kit.settings import ServiceSettings
from pydantic_settings import SettingsConfigDict


class ReportingSettings(ServiceSettings):
    """What reporting needs beside what every service needs."""

    model_config = SettingsConfigDict(env_prefix="REPORTING_")

    openapi_file: str = ""
    """Path of the merged OpenAPI document; without it `/openapi.json` is this service's own."""

    public_url: str = ""
    """Origin under which the public reaches the gateway, for links in OCDS packages; empty means as asked."""
