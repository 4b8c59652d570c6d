"""Images: each lock is a part of the one at the root, and no Dockerfile copies another service."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SERVICES = ("vendor", "catalog", "order", "reporting")


def pins(path: Path) -> dict[str, str]:
    return dict(re.findall(r"^([\w.\[\]-]+)==(\S+)", path.read_text(), re.MULTILINE))


@pytest.mark.parametrize("service", SERVICES)
def test_lock_of_the_image_is_a_part_of_the_root_lock(service: str) -> None:
    root = pins(ROOT / "requirements.lock")
    own = pins(ROOT / "services" / service / "requirements.lock")
    assert own
    assert {name: root.get(name) for name in own} == own


def test_spreadsheet_libraries_are_in_the_vendor_image_alone() -> None:
    having = [s for s in SERVICES if "python-calamine" in pins(ROOT / "services" / s / "requirements.lock")]
    assert having == ["vendor"]


@pytest.mark.parametrize("service", SERVICES)
def test_dockerfile_copies_no_other_service_and_runs_without_root(service: str) -> None:
    text = (ROOT / "services" / service / "Dockerfile").read_text()
    others = [s for s in SERVICES if s != service and f"services/{s}" in text]
    assert others == []
    assert re.search(r"^USER 10001:10001$", text, re.MULTILINE)
    assert f'ENTRYPOINT ["python", "-m", "{service}_service"]' in text


@pytest.mark.parametrize("service", SERVICES)
def test_image_starts_where_the_reference_files_are(service: str) -> None:
    text = (ROOT / "services" / service / "Dockerfile").read_text()
    assert "COPY reference /opt/bela/reference\n" in text
    assert "WORKDIR /opt/bela\n" in text
