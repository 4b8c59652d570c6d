"""Conversion, the slowest kecamatan and forecasts, as plain arithmetic."""

from datetime import date

from vendor_service.domain.funnel.figures import Figures, conversion, expected_on, forecast, per_mille, slowest
from vendor_service.domain.profile import MILESTONE_NAMES

TODAY = date(2026, 6, 30)


def figures(code: str | None = None, recent: tuple[int, ...] = (0, 0, 0, 0, 0, 0), **reached: int) -> Figures:
    counts = dict.fromkeys(MILESTONE_NAMES, 0) | reached
    return Figures(code, code, counts, dict(zip(MILESTONE_NAMES, recent, strict=True)), 0, {}, {})


def test_story_three_converts_twelve_in_a_thousand():
    found = conversion(figures(collected=9782, trained=300, account=120, verified=75, published=60, first_sale=22))
    assert [found[name]["per_mille"] for name in MILESTONE_NAMES[1:]] == [30, 12, 7, 6, 2]
    assert [found[name]["per_mille_of_step_before"] for name in MILESTONE_NAMES[1:]] == [30, 400, 625, 800, 366]
    assert per_mille(0, 0) is None


def test_the_slowest_has_the_smallest_share_of_accounts_among_the_collected():
    districts = [figures("131101", collected=100, account=3), figures("131105", collected=900, account=2),
                 figures("131106"), figures("131107", collected=450, account=1)]  # fmt: skip
    assert (slowest(districts) or figures()).district_code == "131105"
    assert slowest([figures("131106")]) is None


def test_a_forecast_goes_on_at_four_weeks_pace_and_never_beyond_everybody():
    now = figures(recent=(0, 30, 12, 6, 4, 2), collected=400, trained=300, account=120, verified=75)
    assert forecast(now, 28)["account"] == 132
    assert forecast(now, 84) == {
        "collected": 400,
        "trained": 390,
        "account": 156,
        "verified": 93,
        "published": 12,
        "first_sale": 6,
    }
    assert forecast(now, 2800)["trained"] == 400


def test_a_target_is_expected_when_the_pace_leads_there():
    now = figures(recent=(0, 0, 7, 0, 0, 0), collected=400, account=120)
    assert expected_on(now, "account", 120, TODAY) == TODAY
    assert expected_on(now, "account", 121, TODAY) == date(2026, 7, 4)
    assert expected_on(now, "account", 127, TODAY) == date(2026, 7, 28)
    assert expected_on(now, "verified", 1, TODAY) is None
    assert expected_on(now, "account", 10**6, TODAY) is None
