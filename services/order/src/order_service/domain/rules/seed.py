"""The national policy rows, and the regional ones the demo regions start with (domain.md 4.5).

The values are data with their legal source. They are inserted once; afterwards the table in the database is the record.
"""

from datetime import date
from fractions import Fraction

from bela_kit.core.tenancy import TenantId

from order_service.domain.rules.policy_rule import Direction, PolicyRule

PERPRES_16 = date(2018, 3, 22)
TOKO_DARING = date(2020, 6, 1)
PERPRES_12 = date(2021, 2, 2)
PERPRES_46 = date(2025, 4, 30)
CATALOGUE_2026 = date(2026, 9, 1)
TOKO_DARING_END = date(2027, 9, 1)
DEMO_START = date(2020, 1, 1)

_P28 = "Perpres 16/2018 pasal 28"
_P46 = "Perpres 16/2018 sebagaimana diubah dengan Perpres 46/2025"
MAX, MIN, NONE = Direction.MAX, Direction.MIN, Direction.NONE


def _forms() -> tuple[PolicyRule, ...]:
    return (
        PolicyRule("form.nota.max", MAX, 10_000_000, PERPRES_16, legal_basis=_P28),
        PolicyRule("form.kuitansi.max", MAX, 50_000_000, PERPRES_16, legal_basis=_P28),
        PolicyRule("form.spk.max", MAX, 200_000_000, PERPRES_16, legal_basis=_P28, dimension={"kind": "goods"}),
        PolicyRule(
            "form.spk.max", MAX, 200_000_000, PERPRES_16, PERPRES_46, legal_basis=_P28, dimension={"kind": "works"}
        ),
        PolicyRule("form.spk.max", MAX, 400_000_000, PERPRES_46, legal_basis=_P46, dimension={"kind": "works"}),
        PolicyRule("form.spk.max", MAX, 100_000_000, PERPRES_16, legal_basis=_P28, dimension={"kind": "consultancy"}),
        PolicyRule("method.direct.max", MAX, 200_000_000, PERPRES_16, legal_basis=_P28, dimension={"kind": "goods"}),
    )


def _channels() -> tuple[PolicyRule, ...]:
    return (
        PolicyRule(
            "channel.bela.max",
            MAX,
            50_000_000,
            TOKO_DARING,
            TOKO_DARING_END,
            legal_basis="Peraturan LKPP 9/2021; dicabut Peraturan LKPP 2/2026 dengan masa transisi satu tahun",
        ),
        PolicyRule(
            "channel.local.max", MAX, 200_000_000, PERPRES_16, legal_basis="Pengadaan langsung, " + _P28, priority=0
        ),
        PolicyRule(
            "external.spse.above", MAX, 50_000_000, PERPRES_46, legal_basis=_P46, dimension={"channel": "local"}
        ),
    )


def _actors() -> tuple[PolicyRule, ...]:
    return (
        PolicyRule("actor.pp.max", MAX, 200_000_000, PERPRES_16, legal_basis="Perpres 16/2018 pasal 12"),
        PolicyRule("actor.above", NONE, "ppk", PERPRES_16, CATALOGUE_2026, legal_basis="Perpres 16/2018 pasal 11"),
        PolicyRule("actor.above", NONE, "pokja", CATALOGUE_2026, legal_basis="Peraturan LKPP 2/2026"),
        PolicyRule("hps.required.above", MAX, 10_000_000, PERPRES_16, PERPRES_46, legal_basis="Perpres 16/2018"),
        PolicyRule("hps.required.above", MAX, 100_000_000, PERPRES_46, legal_basis=_P46 + " pasal 26 ayat (7)"),
        PolicyRule(
            "bond.required.above",
            MAX,
            200_000_000,
            PERPRES_46,
            legal_basis=_P46,
            parameters={"share": Fraction(5, 100)},
        ),
        PolicyRule("minicomp.min", MAX, 50_000_000, CATALOGUE_2026, legal_basis="Peraturan LKPP 2/2026 (rancangan)"),
    )


def _affirmative_and_contract() -> tuple[PolicyRule, ...]:
    return (
        PolicyRule("umk.share.min", MIN, Fraction(40, 100), PERPRES_12, legal_basis="Perpres 12/2021 pasal 65"),
        PolicyRule("umk.reserved.max", MIN, 15_000_000_000, PERPRES_12, legal_basis="Perpres 12/2021 pasal 65"),
        PolicyRule(
            "late.fee.per_day", NONE, Fraction(1, 1000), PERPRES_16, legal_basis="Perpres 16/2018 pasal 79 ayat (4)"
        ),
        PolicyRule(
            "late.fee.cap",
            MAX,
            Fraction(5, 100),
            PERPRES_16,
            legal_basis="Peraturan LKPP 12/2021, nilai bawaan",
            tenant_may_set=True,
        ),
        PolicyRule("amend.max_increase", MAX, Fraction(10, 100), PERPRES_16, legal_basis="Perpres 16/2018 pasal 54"),
        PolicyRule("late_record.days", MAX, 3, PERPRES_16, legal_basis="Nilai bawaan Bela"),
        PolicyRule("late_record.max_share", MAX, Fraction(20, 100), PERPRES_16, legal_basis="Nilai bawaan Bela"),
    )


def national_rules() -> tuple[PolicyRule, ...]:
    """Every national row."""
    return _forms() + _channels() + _actors() + _affirmative_and_contract()


def regional_rules(tenant: TenantId) -> tuple[PolicyRule, ...]:
    """The rows a demo region starts with; empty for most."""
    if tenant != "1311":
        return ()
    return (
        PolicyRule(
            "tenant.umkm_first.below",
            MIN,
            200_000_000,
            DEMO_START,
            legal_basis="Rancangan Perbup Solok Selatan: belanja di bawah Rp200 juta kepada UMKM",
            tenant=tenant,
        ),
    )


def policy_seed_codes() -> frozenset[str]:
    """Every code the service knows; a regional row with another code is a mistake."""
    return frozenset(rule.code for rule in national_rules()) | {"tenant.umkm_first.below"}
