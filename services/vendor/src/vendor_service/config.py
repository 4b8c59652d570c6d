"""Every setting of the register, its default and its unit."""

import base64
import binascii
from pathlib import Path

from bela_kit.settings import ServiceSettings
from pydantic import Field, SecretStr, field_validator
from pydantic_settings import SettingsConfigDict


class VendorSettings(ServiceSettings):
    """Environment variables with the prefix `VENDOR_`."""

    model_config = SettingsConfigDict(
        env_prefix="VENDOR_", frozen=True, extra="ignore", env_ignore_empty=True, hide_input_in_errors=True
    )

    areas_file: Path = Path("reference/areas.csv.gz")
    """Seed of the areas, read by `migrate`; relative to the working folder, then to the repository."""

    pii_key_version: int = Field(default=1, ge=1, le=255)
    """Number of `pii_master_key`, the key that new texts are sealed with."""

    pii_other_keys: SecretStr = SecretStr("")
    """Further master keys that rows may carry, `version=base64` separated by commas: before a rotation the coming
    key, so that every process reads it before the first one writes it; after it the former one, till no row is left."""

    @field_validator("pii_other_keys")
    @classmethod
    def _other_keys_parse(cls, value: SecretStr) -> SecretStr:
        _parse_keys(value.get_secret_value())
        return value

    def other_master_keys(self) -> dict[int, bytes]:
        """Return the further master keys by version."""
        return _parse_keys(self.pii_other_keys.get_secret_value())

    holidays_file: Path = Path("reference/holidays.json")
    """Days on which offices are closed, for deadlines of working days; found like the areas."""

    def areas_path(self) -> Path:
        """Return where the seed is: as told, else in the repository this code runs from."""
        return _found(self.areas_file)

    def holidays_path(self) -> Path:
        """Return where the holidays are: as told, else in the repository this code runs from."""
        return _found(self.holidays_file)


def _found(path: Path) -> Path:
    return path if path.is_absolute() or path.exists() else Path(__file__).resolve().parents[4] / path


def _parse_keys(text: str) -> dict[int, bytes]:
    found: dict[int, bytes] = {}
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        version, _, key = part.partition("=")
        try:
            content = base64.b64decode(key, validate=True)
        except binascii.Error as error:
            raise ValueError("a key is not base64") from error
        if not version.isdecimal() or not 1 <= int(version) <= 255 or len(content) != 32:
            raise ValueError("wants version=key with a version of 1 to 255 and 32 bytes in base64")
        found[int(version)] = content
    return found
