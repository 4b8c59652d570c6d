import csv
import gzip
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from vendor_service.domain.areas import Area, AreaIndex

ROOT = Path(__file__).resolve().parents[3]
SEED = ROOT / "reference" / "areas.csv.gz"


@pytest.fixture(scope="module")
def areas():
    with gzip.open(SEED, "rt", encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))[1:]
    return [Area(row[0], row[1], row[2], row[3], tuple(row[4].split())) for row in rows]


def test_the_seed_holds_the_whole_country(areas):
    counts = Counter(area.kind for area in areas)
    assert counts["provinsi"] == 38
    assert counts["kabupaten"] + counts["kota"] == 514
    assert counts["kecamatan"] + counts["distrik"] == 7285
    assert counts["desa"] + counts["kelurahan"] + counts["desa_adat"] == 83762
    assert SEED.stat().st_size < 1_500_000


def test_the_seed_equals_its_source():
    script = ROOT / "scripts" / "export_areas.py"
    done = subprocess.run([sys.executable, str(script), "--check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("text", "code", "guessed"),
    [
        ("Muncar", "351005", False),
        ("Kec. Muncar", "351005", False),
        ("MUNCAR ", "351005", False),
        ("KECAMATAN  MUNCAR", "351005", False),
        ("kec.muncar", "351005", False),
        ("Moentjar", "351005", True),
        ("Munkar", "351005", True),
        ("Tegal Dlimo", "351004", False),
        ("Rogodjampi", "351013", True),
        ("Blimbing Sari", "351025", False),
        ("35.10.05", "351005", False),
        ("Sragen", None, None),
        ("", None, None),
        ("Kec.", None, None),
    ],
)
def test_a_kecamatan_is_found_under_its_spellings(areas, text, code, guessed):
    found = AreaIndex("3510", areas).district(text)
    assert (found.area.code if found else None) == code
    assert (found.guessed if found else None) == guessed


def test_a_desa_is_looked_for_in_its_kecamatan_first(areas):
    index = AreaIndex("3510", areas)
    assert index.village("Desa Tembokrejo", "351005").area.code.startswith("351005")
    found = index.village("Tembokrejo", None)
    assert found is None or found.area.name == "Tembokrejo"


def test_initials_and_short_words_are_understood(areas):
    index = AreaIndex("1311", areas)
    assert index.district("KPGD").area.name == "Koto Parik Gadang Diateh"
    assert index.village("Nagari Sei Kunyit", "131107").area.name == "Sungai Kunyit"


def test_a_name_that_two_areas_resemble_is_not_guessed(areas):
    assert AreaIndex("1311", areas).village("Lubuk Ulang Aling S", "131105") is None


def test_a_column_of_something_else_does_not_cost_a_comparison_for_every_row(areas, monkeypatch):
    index = AreaIndex("3510", areas)
    monkeypatch.setattr(index, "_guesses_left", 2)
    assert index.district("Moentjar").area.name == "Muncar"
    assert index.district("zzzz") is None
    assert index.district("Rogodjampi") is None
    assert index.district("Rogojampi").area.name == "Rogojampi"


@pytest.mark.parametrize(
    ("text", "code"),
    [("05. Muncar", "351005"), ("Muncar (kota)", "351005"), ("Kec. Muncar Kab. Banyuwangi", "351005"),
     ("Muncar, Banyuwangi", "351005"), ("Kapanewon Licin", "351024")],
)  # fmt: skip
def test_what_people_write_around_a_name_is_passed_over(areas, text, code):
    found = AreaIndex("3510", areas).district(text)
    assert found is not None
    assert (found.area.code, found.guessed) == (code, False)


def test_namesakes_are_found_in_the_sequence_of_their_codes(areas):
    index = AreaIndex("3510", areas)
    assert [area.code for area in index.namesakes("Desa Tamansari")] == ["3510232003", "3510242008"]
    assert [area.code for area in index.namesakes("Tembok Rejo")] == ["3510052003"]
    assert index.namesakes("Negeri Dongeng") == []
