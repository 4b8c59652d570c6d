"""The Gini index: 0 when every group sold the same, (n - 1)/n when one group sold everything."""

from collections.abc import Iterable

from reporting_service.measures.population import checked


def gini(values: Iterable[int]) -> float | None:
    """Return `(2*sum(i*x_(i)))/(n*sum x) - (n+1)/n`, x ascending and i from 1; None for nobody or nothing sold.

    The numerator and denominator stay whole numbers until the one division, so that no rounding enters before it.
    """
    ascending = sorted(checked(values))
    count, total = len(ascending), sum(ascending)
    if count == 0 or total == 0:
        return None
    weighted = sum(rank * value for rank, value in enumerate(ascending, start=1))
    return (2 * weighted - (count + 1) * total) / (count * total)
