"""Suggestion of sellers: say the facts (`SuggestionRequest`), get the list with reasons (`suggest`)."""

from order_service.domain.suggestion.candidate_filter import Rejected
from order_service.domain.suggestion.facts import (
    Ask,
    Candidate,
    Market,
    MarketSeller,
    NearnessMode,
    Record,
    SuggestionRequest,
    SuggestionSettings,
    Weights,
)
from order_service.domain.suggestion.nearness import Ring
from order_service.domain.suggestion.score import Parts
from order_service.domain.suggestion.suggest import Suggested, Suggestion, suggest

__all__ = [
    "Ask",
    "Candidate",
    "Market",
    "MarketSeller",
    "NearnessMode",
    "Parts",
    "Record",
    "Rejected",
    "Ring",
    "Suggested",
    "Suggestion",
    "SuggestionRequest",
    "SuggestionSettings",
    "Weights",
    "suggest",
]
