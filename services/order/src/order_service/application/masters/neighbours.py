"""Neighbouring kecamatan the demonstration regions start with, drawn from maps by hand and marked unverified.

Each region keeps its own table afterwards (`PATCH …/regions/{region}`); a pair named from one side counts for both.
"""

from bela_kit.core.tenancy import TenantId

_BANYUWANGI = {
    "01": "02 22",
    "02": "01 03 07 22 23",
    "03": "02 04 06 07",
    "04": "03 05 06",
    "05": "04 06 08 13 25",
    "06": "03 04 05 07 08",
    "07": "02 03 06 09 23",
    "08": "05 06 12 13 25",
    "09": "07 10 20 23",
    "10": "09 11 20 22 23",
    "11": "10",
    "12": "08 13 19 20",
    "13": "05 08 12 14 25",
    "14": "13 15 16 19 24 25",
    "15": "14 16 17 24",
    "16": "14 15 17 21",
    "17": "15 16 21 24",
    "18": "21",
    "19": "12 14 20 24",
    "20": "09 10 12 19",
    "21": "16 17 18 24",
    "22": "01 02 10 23",
    "23": "02 07 09 10 22",
    "24": "14 15 17 19 21",
    "25": "05 08 13 14",
}
_SOLOK_SELATAN = {
    "01": "02 04 06 07",
    "02": "01 03 06",
    "03": "02 06",
    "04": "01 05 07",
    "05": "04 07",
    "06": "01 02 03",
    "07": "01 04 05",
}
_KUBU_RAYA = {
    "01": "02 03 04 07 09",
    "02": "01 03",
    "03": "01 02 04",
    "04": "01 03 06",
    "05": "06 08",
    "06": "04 05 07 08",
    "07": "01 06 08",
    "08": "05 06 07 09",
    "09": "01 08",
}
_SEEDS = {"3510": _BANYUWANGI, "1311": _SOLOK_SELATAN, "6112": _KUBU_RAYA}


def seeded_neighbours(region: TenantId) -> dict[str, tuple[str, ...]]:
    """Return the neighbours a region starts with; empty for most."""
    return {
        region + district: tuple(region + other for other in others.split())
        for district, others in _SEEDS.get(region, {}).items()
    }
