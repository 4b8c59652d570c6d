"""Who may use the 0.5 % final tax on which day (domain.md 5.1, 5.5 step 4).

It exists since 1 July 2018. Before 22 April 2026 a term of years by legal form, counted from the year of entry, at the
earliest 2018. From that day individuals and perseroan perorangan have no end, cooperatives four years, the others only
finish an old term.
"""

from dataclasses import dataclass
from datetime import date

from order_service.domain.tax.facts import EntityKind, TaxProfile
from order_service.domain.tax.rates import PP_20_2026_FROM, PP_23_2018_FROM, STATEMENT_500_FROM_YEAR

FIRST_REGIME_YEAR = 2018
TERM_YEARS = {
    EntityKind.INDIVIDUAL: 7,
    EntityKind.KOPERASI: 4,
    EntityKind.CV: 4,
    EntityKind.FIRMA: 4,
    EntityKind.BUMDES: 4,
    EntityKind.PERSEROAN_PERORANGAN: 4,
    EntityKind.PT: 3,
}
WITHOUT_END = frozenset({EntityKind.INDIVIDUAL, EntityKind.PERSEROAN_PERORANGAN})


@dataclass(frozen=True, slots=True)
class Eligibility:
    """Whether the form may use the final tax, and whether a person should look at it."""

    eligible: bool
    review: bool = False


def regime_start(year: int, certificate_from: date | None) -> date | None:
    """The day of entry, where only its year is known: the certificate's first day if it lies in that year."""
    if year <= 0:
        return certificate_from
    if certificate_from is not None and certificate_from.year == year:
        return certificate_from
    return date(year, 1, 1)


def free_below_500_million(profile: TaxProfile, on: date) -> bool:
    """Whether an individual's statement of turnover up to Rp500 million covers a day; such years exist since 2022."""
    year = profile.statement_500_year
    return profile.kind is EntityKind.INDIVIDUAL and year == on.year and on.year >= STATEMENT_500_FROM_YEAR


def final_tax_eligibility(profile: TaxProfile, on: date) -> Eligibility:
    """Whether the legal form may use the 0.5 % final tax on a day."""
    if profile.kind not in TERM_YEARS or on < PP_23_2018_FROM:
        return Eligibility(False)
    start = profile.regime_start or (profile.umkm_certificate.first if profile.umkm_certificate else None)
    if on >= PP_20_2026_FROM:
        if profile.kind in WITHOUT_END:
            return Eligibility(True)
        if profile.kind is not EntityKind.KOPERASI and (start is None or start >= PP_20_2026_FROM):
            return Eligibility(False, review=start is None)
    if start is None:
        return Eligibility(False, review=True)
    first_year = max(start.year, FIRST_REGIME_YEAR)
    in_term = first_year <= on.year < first_year + TERM_YEARS[profile.kind]
    # The old term of individuals ended with 2024; its extension was promised, the law came in April 2026.
    gap = profile.kind is EntityKind.INDIVIDUAL and not in_term and on.year >= first_year
    return Eligibility(in_term, review=gap)
