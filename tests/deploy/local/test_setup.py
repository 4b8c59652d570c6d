"""What a newcomer types, and what it installs."""

import json
import re
import subprocess
from pathlib import Path

import pytest


def test_help_is_the_default_and_lists_every_command(repository: Path) -> None:
    shown = subprocess.run(["make"], cwd=repository, capture_output=True, text=True, check=True).stdout
    listed = set(re.findall(r"^  ([a-z0-9-]+) ", shown, re.MULTILINE))
    targets = set(re.findall(r"^\.PHONY: ([a-z0-9-]+)$", (repository / "Makefile").read_text(), re.MULTILINE))
    assert listed == targets


@pytest.mark.parametrize("name", ["requirements.lock", "tools.lock", "scripts/uv.txt"])
def test_every_python_package_is_held_by_a_hash(repository: Path, name: str) -> None:
    text = (repository / name).read_text()
    pinned = re.findall(r"^([a-z0-9._-]+)==", text, re.MULTILINE)
    assert pinned
    for entry in re.split(r"^(?=[a-z0-9._-]+==)", text, flags=re.MULTILINE)[1:]:
        assert "--hash=sha256:" in entry, entry.splitlines()[0]
    assert "://" not in text


def test_every_node_package_is_held_by_a_hash_and_names_no_host(repository: Path) -> None:
    text = (repository / "deploy" / "issuer" / "package-lock.json").read_text()
    packages = json.loads(text)["packages"]
    assert all("integrity" in package for name, package in packages.items() if name)
    assert "resolved" not in text


def test_a_tool_has_one_version(repository: Path) -> None:
    uv = re.search(r"^uv==(\S+)", (repository / "scripts" / "uv.txt").read_text(), re.MULTILINE)
    assert uv is not None
    installed = subprocess.run([repository / ".venv/bin/uv", "--version"], capture_output=True, text=True, check=True)
    assert uv[1] in installed.stdout
