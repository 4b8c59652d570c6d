"""A rule without a check is a wish: every decision names what holds it, every service has its page."""

import re
from pathlib import Path

import pytest

from .source import ROOT, SERVICES, modules, name_of

ADRS = sorted((ROOT / "docs" / "adr").glob("*.md"))
PAGE_LINES = 90


@pytest.mark.parametrize("path", ADRS, ids=lambda path: path.name)
def test_a_decision_fits_a_page_and_names_what_holds_it(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").rstrip().splitlines()
    assert re.match(r"\d{4}-[a-z0-9-]+\.md$", path.name)
    assert len(lines) <= PAGE_LINES
    assert lines[-1].startswith("Held by:"), "the last line says which check holds the decision"
    named = re.findall(r"`([^`]+)`", lines[-1])
    assert named, "the check is named as a path in backquotes"
    for name in named:
        assert next(ROOT.glob(name.partition("::")[0].rstrip("/")), None), f"{name} does not exist"


def test_decisions_are_numbered_without_gaps() -> None:
    assert [int(path.name[:4]) for path in ADRS] == list(range(1, len(ADRS) + 1))


@pytest.mark.parametrize("service", SERVICES)
def test_every_service_has_one_page(service: str) -> None:
    page = ROOT / "services" / service / "README.md"
    assert page.is_file()
    text = page.read_text(encoding="utf-8")
    assert 10 <= len(text.splitlines()) <= PAGE_LINES
    for word in ("Owns", "Tables", "Events"):
        assert re.search(rf"(?i)\b{word.rstrip('s')}s?\b", text), f"the page does not speak of {word.lower()}"


def test_the_glossary_explains_the_words_of_the_law() -> None:
    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    for word in ("BAST", "PPK", "PPTK", "OPD", "Kecamatan", "PKP", "RUP", "Surat Pesanan"):
        assert word in text, word


def test_the_front_page_leads_to_what_exists() -> None:
    for page in ("README.md", "CONTRIBUTING.md"):
        text = (ROOT / page).read_text(encoding="utf-8")
        for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", text):
            assert (ROOT / target).exists(), f"{page} links to {target}"
        for target in re.findall(r"`((?:docs|tests|deploy|services|libs|proto|scripts)/[^`*<{ ]+)`", text):
            assert (ROOT / target).exists(), f"{page} names {target}"


def test_every_make_target_explains_itself_and_readme_names_the_two_commands() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.findall(r"^\.PHONY: ([a-z0-9-]+)$", makefile, re.MULTILINE)
    assert targets
    for target in targets:
        assert re.search(rf"^{target}:.*## \S", makefile, re.MULTILINE), target
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "make run" in readme
    assert "make test" in readme


def test_no_module_has_a_name_that_attracts_everything() -> None:
    vague = {"utils", "util", "helpers", "helper", "common", "misc", "service", "services", "manager"}
    assert [name_of(path) for path in modules("services", "libs") if path.stem in vague] == []
