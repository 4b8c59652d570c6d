"""Measures of how money spreads (domain.md 10.1): pure functions of whole-rupiah sums, one per owner group.

Nothing here knows a database, a region or a rule about who counts; callers decide the population.
"""

from reporting_service.measures.concentration import effective_number, hhi, top_share
from reporting_service.measures.gini import gini
from reporting_service.measures.shares import UMK_TARGET, ratio, reach
from reporting_service.measures.theil import Decomposition, theil, theil_decomposition

__all__ = [
    "UMK_TARGET",
    "Decomposition",
    "effective_number",
    "gini",
    "hhi",
    "ratio",
    "reach",
    "theil",
    "theil_decomposition",
    "top_share",
]
