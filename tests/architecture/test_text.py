"""What no committed file may hold, whatever it is written in."""

import re
from pathlib import Path

import pytest

from .source import ROOT, name_of, tracked

# Split, so that this file does not hold what it forbids.
REGISTRIES = re.compile(
    "|".join(
        (
            r"py" r"pi\.org",
            r"python" r"hosted\.org",
            r"registry\.npm" r"js\.org",
            r"registry\.yarn" r"pkg\.com",
            r"npm" r"mirror\.com",
            r"docker" r"\.io",
            r"ghcr" r"\.io",
            r"quay" r"\.io",
            r"gcr" r"\.io",
            r"proxy\.go" r"lang\.org",
            r"buf" r"\.build/",
        )
    )
)
MACHINE = re.compile(r"(?<![\w.:/{}-])/(work|ro" r"ot|home/\w+|Users/\w+)/[\w.-]")
LATER = re.compile(r"\b(TO" r"DO|FIX" r"ME|HA" r"CK)\b")
CONFLICT = re.compile(r"^(<{7} |>{7} |={7}$)", re.MULTILINE)
SECRET = re.compile(r"-----BEGIN (RSA |EC |OPENSSH )?PRIVATE KEY-----|\beyJ[\w-]{20,}\.[\w-]{20,}\.[\w-]{20,}")
# Documents of others, kept as they were published.
FOREIGN = {"tests/unit/reporting/data/ocds-release-schema-1.1.4.json", "LICENSE"}


def texts() -> list[tuple[Path, str]]:
    found = []
    for path in tracked():
        if name_of(path) in FOREIGN:
            continue
        try:
            found.append((path, path.read_text(encoding="utf-8")))
        except UnicodeDecodeError:
            continue
    return found


@pytest.mark.parametrize("pattern", [REGISTRIES, MACHINE, LATER, CONFLICT, SECRET], ids=lambda p: p.pattern[:24])
def test_no_file_holds_what_is_forbidden(pattern: re.Pattern[str]) -> None:
    found = [
        f"{name_of(path)}:{text.count(chr(10), 0, match.start()) + 1} {match.group()[:40]}"
        for path, text in texts()
        for match in pattern.finditer(text)
    ]
    assert found == []


def test_no_file_names_this_clone() -> None:
    if len(ROOT.parts) < 3:
        pytest.skip("a clone at the root of the disk has no telling name")
    assert [name_of(path) for path, text in texts() if str(ROOT) in text] == []


def test_no_file_is_made_by_running() -> None:
    made = re.compile(r"(^|/)(__pycache__|\.state|\.venv|node_modules)(/|$)|\.(pyc|log|sqlite|orig|rej)$")
    assert [name_of(path) for path in tracked() if made.search(name_of(path))] == []


def test_large_files_are_data_with_a_reason() -> None:
    allowed = ("reference/", "services/", "docs/openapi.json", "requirements.lock", "tests/", "deploy/", "proto/")
    large = [name_of(path) for path in tracked() if path.stat().st_size > 512 * 1024]
    assert [name for name in large if not name.startswith(allowed)] == []
