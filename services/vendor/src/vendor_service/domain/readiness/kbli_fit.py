"""Whether the KBLI codes of a business speak of what it sells.

INAPROC compares the code with its own three-level category, which only INAPROC knows; this is the nearest that can be
said here, from the product in the register. Only the first two digits are compared (the division): what these groups
name says the same in KBLI 2020 and 2025, while five digits were moved about. A business may have several codes; one
that fits will do. Where no group knows the product, nothing is said against the codes.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass

TRADE = ("46", "47")
"""Whoever sells goods may also trade in them."""


@dataclass(frozen=True, slots=True)
class Fit:
    """A group of products.

    Attributes:
        words: Lower-case words or phrases of products, whole.
        divisions: The first two digits of codes that fit.
        examples: Codes of KBLI 2020 to suggest, with what they are called in plain words.
    """

    words: tuple[str, ...]
    divisions: tuple[str, ...]
    examples: tuple[tuple[str, str], ...]


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split(", "))


# Suggestions, never a rule; each code stands in reference/kbli.json or among the examples of reference/categories.json.
FITS = (
    Fit(
        _words(
            "nasi, katering, catering, jasa boga, kue, snack, snack box, snek, kudapan, jajanan, jajan, konsumsi, "
            "prasmanan, warung makan, rumah makan, makan di tempat, restoran, kedai, bakso, soto, sate, mie, rujak, "
            "pecel, kopi, minuman, tumpeng"
        ),
        ("10", "11", "56"),
        (("56210", "jasa boga untuk acara"), ("56102", "warung makan"), ("10710", "roti dan kue")),
    ),
    Fit(
        _words(
            "keripik, kerupuk, camilan, cemilan, oleh-oleh, sambal, abon, dodol, roti, tempe, tahu, makanan kemasan, "
            "makanan ringan, petis, terasi"
        ),
        ("10", "11", *TRADE),
        (("10794", "keripik dan kerupuk"), ("10710", "roti dan kue")),
    ),
    Fit(
        _words("air minum, air mineral, amdk, galon, depot air"),
        ("11", "36", *TRADE),
        (("11052", "air minum isi ulang"), ("47222", "toko minuman")),
    ),
    Fit(
        _words("beras, padi, sembako, gabah"),
        ("01", "10", *TRADE),
        (("10631", "penggilingan padi"), ("47241", "toko beras")),
    ),
    Fit(
        _words("seragam, konveksi, penjahit, jahit, baju, batik, tenun, kain, pakaian, bordir, sulam, busana, kaos"),
        ("13", "14", "95", *TRADE),
        (("14120", "penjahitan pesanan"), ("14111", "konveksi pakaian")),
    ),
    Fit(
        _words("kursi, meja, bangku, mebel, meubel, furnitur, lemari, kusen"),
        ("16", "31", *TRADE),
        (("31001", "furnitur dari kayu"),),
    ),
    Fit(_words("atk, alat tulis, kertas, pulpen, buku"), ("17", *TRADE), (("47611", "toko alat tulis"),)),
    Fit(
        _words("tinta, toner, cartridge, printer, komputer, laptop"),
        ("26", "33", "95", *TRADE),
        (("47411", "toko komputer dan perlengkapannya"),),
    ),
    Fit(
        _words("besek, anyaman, bambu, keranjang, rotan, pandan, ukiran, gerabah, kerajinan, souvenir, suvenir"),
        ("16", "23", "31", "32", *TRADE),
        (("16291", "anyaman bambu dan rotan"),),
    ),
    Fit(
        _words("jahe, rempah, empon-empon, jamu, madu, kunyit"),
        ("01", "10", "21", *TRADE),
        (("10772", "bumbu masak"),),
    ),
    Fit(
        _words("spanduk, banner, baliho, cetak, cetakan, percetakan, fotokopi, fotocopy, sablon, undangan"),
        ("18", "73", "82", *TRADE),
        (("18111", "percetakan umum"),),
    ),
    Fit(
        _words("kebersihan, cleaning service, petugas kebersihan"),
        ("38", "81"),
        (("81210", "jasa kebersihan bangunan"),),
    ),
    Fit(
        _words("sayur, sayuran, buah, ikan, telur, ayam, daging, ternak, sapi, kambing, bibit"),
        ("01", "03", "10", *TRADE),
        (),
    ),
    Fit(_words("bengkel, servis motor, tambal ban"), ("33", "45", "95"), (("45407", "reparasi sepeda motor"),)),
)


def pattern_of(fit: Fit, start: str = r"\b", end: str = r"\b") -> str:
    """Return a regular expression that finds the words of a group; the marks of a word's ends differ by engine."""
    return f"{start}({'|'.join(re.escape(word).replace(chr(92) + ' ', ' ') for word in fit.words)}){end}"


_PATTERNS = tuple((fit, re.compile(pattern_of(fit))) for fit in FITS)


def groups_of(product: str) -> list[Fit]:
    """Return the groups that know a product."""
    text = product.casefold()
    return [fit for fit, pattern in _PATTERNS if pattern.search(text)]


def fits(codes: Collection[str], product: str) -> bool:
    """Say whether there is a code against which nothing known of the product speaks."""
    if not codes:
        return False
    groups = groups_of(product)
    return not groups or any(code.startswith(fit.divisions) for fit in groups for code in codes)


def suggestions_for(product: str) -> tuple[tuple[str, str], ...]:
    """Return codes that fit a product, each with its plain name, none twice."""
    return tuple(dict.fromkeys(example for fit in groups_of(product) for example in fit.examples))
