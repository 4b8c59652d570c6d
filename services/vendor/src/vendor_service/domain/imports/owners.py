"""The owners in one cell: several people, titles, and people who have died (domain.md 2.4)."""

import re

_SPLIT = re.compile(r"\s*(?:/|;|&|\+|\n|\bdan\b|\bdgn\b|\bdengan\b)\s*", re.IGNORECASE)
_ANY_WORD = re.compile(r"[^\W\d_]{2}")
_HINT = re.compile(r"[/;&+\n,(]|\bdan\b|\bdgn\b|\bdengan\b|\bdkk\b|\bdll\b|\balm|^\d", re.IGNORECASE)
_DECEASED = re.compile(r"[\s,(]*\b(?:alm(?:arhum(?:ah)?)?|almh)\b\.?\)?\s*", re.IGNORECASE)
_OTHERS = re.compile(r"[\s,(]*\b(?:dkk|dll|cs|d\.k\.k)\b\.?\)?\s*$", re.IGNORECASE)
_NUMBERED = re.compile(r"(?:^|\s)\d{1,2}[.)]\s+(?=[^\W\d_])")
# What may stand behind the comma of one person's name; everything is compared without its dots.
_TITLE_WORDS = """
se sh st sp spd spdi sag spt skom sip ssos skm skep ns mm mh msi mpd mkes ma mt mp mag mkom amd amdkep amdkeb amk amkeb
amkg spdsd sst str strkeb ssi shi sei sthi sfarm apt dr drs dra drg drh ir prof hj h haji hajjah lc cpa ak spn mkn ba
bsc msc mba phd shut spi stp ssn sds stt spsi spdk sthum skh sgz bunda bapak ibu jr sr
"""
_TITLES = frozenset(_TITLE_WORDS.split())
MOST = 5
"""People taken from one cell."""


def owners_in(text: str) -> tuple[list[str], list[str]]:
    """Return the names in a cell, the living first, and the codes of doubts about them."""
    if not _HINT.search(text):
        return [text], []
    doubts: list[str] = []
    text = _NUMBERED.sub(" / " if len(_NUMBERED.findall(text)) > 1 else " ", text).strip()
    bare = _OTHERS.sub("", text)
    several = bare != text
    living: list[str] = []
    deceased: list[str] = []
    for part in _parts(bare):
        name = _DECEASED.sub(" ", part).strip(" ,;.()") if _DECEASED.search(part) else None
        if name is None:
            living.append(part.strip(" ,;"))
        elif _ANY_WORD.search(name):
            deceased.append(name)
        elif living:
            deceased.append(living.pop())
    if deceased:
        doubts.append("OWNER_DECEASED")
    names = (living + deceased)[:MOST]
    if several or len(names) > 1:
        doubts.insert(0, "SEVERAL_OWNERS")
    return names, doubts


def _parts(text: str) -> list[str]:
    """Split a cell into people; a comma parts people only where no title follows it."""
    found: list[str] = []
    for part in _SPLIT.split(text):
        for piece in part.split(","):
            if found and piece and _is_title(piece) and "," in part:
                found[-1] += f",{piece}"
            else:
                found.append(piece)
    return [piece for piece in found if _ANY_WORD.search(piece)]


def _is_title(text: str) -> bool:
    words = text.replace(".", "").casefold().split()
    return bool(words) and all(word.strip("()") in _TITLES for word in words)
