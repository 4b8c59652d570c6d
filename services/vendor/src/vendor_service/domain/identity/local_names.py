"""What people call a kecamatan or desa where they live; the code list knows one word for all of them (domain.md 3.1).

Only names that hold for a whole province or regency by its own rules are listed; elsewhere the general word stands.
"""

# By the beginning of the code; the longest that fits counts.
_VILLAGES = {
    "11": "gampong",
    "13": "nagari",
    "1309": "desa",
    "1804": "pekon",
    "1806": "pekon",
    "1810": "pekon",
    "1813": "pekon",
    "1812": "tiyuh",
    "34": "kalurahan",
    "7318": "lembang",
    "7326": "lembang",
    **dict.fromkeys(("91", "92", "93", "94", "95", "96"), "kampung"),
}
_DISTRICTS = {
    "34": "kapanewon",
    "3471": "kemantren",
    **dict.fromkeys(("91", "92", "93", "94", "95", "96"), "distrik"),
}


def local_kind(code: str, kind: str) -> str:
    """Return the local word for an area: nagari for a desa of Sumatera Barat, distrik for a kecamatan of Papua."""
    if kind == "desa":
        return _longest(_VILLAGES, code) or kind
    if kind in {"kecamatan", "distrik"}:
        return _longest(_DISTRICTS, code) or kind
    return kind


def _longest(names: dict[str, str], code: str) -> str | None:
    return names.get(code[:4]) or names.get(code[:2])
