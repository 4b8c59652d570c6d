import csv
import gzip
from pathlib import Path

import pytest
from vendor_service.domain.identity.local_names import local_kind

REFERENCE = Path(__file__).resolve().parents[3] / "reference"


@pytest.mark.parametrize(
    ("code", "kind", "word"),
    [
        ("1311012001", "desa", "nagari"),
        ("1309012001", "desa", "desa"),
        ("1101012001", "desa", "gampong"),
        ("3401012001", "desa", "kalurahan"),
        ("340101", "kecamatan", "kapanewon"),
        ("347101", "kecamatan", "kemantren"),
        ("910301", "distrik", "distrik"),
        ("9103012001", "desa", "kampung"),
        ("3510052005", "desa", "desa"),
        ("3510161001", "kelurahan", "kelurahan"),
        ("3510", "kabupaten", "kabupaten"),
    ],
)
def test_an_area_is_called_as_its_people_call_it(code, kind, word):
    assert local_kind(code, kind) == word


def test_every_ended_code_is_gone_from_the_list_and_replaced_by_one_that_is_there():
    with gzip.open(REFERENCE / "areas.csv.gz", "rt", encoding="utf-8", newline="") as file:
        names = {row[0]: row[1] for row in csv.reader(file)}
    with (REFERENCE / "area_changes.csv").open(encoding="utf-8", newline="") as file:
        changes = list(csv.DictReader(file))
    ended = [line for line in changes if line["valid_to"]]
    assert len(ended) == 26
    for line in ended:
        assert line["code"] not in names
        for code in line["replaced_by"].split():
            assert names[code] == line["name"]
    for line in changes:
        assert line["valid_to"] or names[line["code"]] == line["name"]
        assert line["source"].startswith("UU ")
