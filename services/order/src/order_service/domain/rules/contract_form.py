"""Which paper a purchase needs: nota, kuitansi, SPK, surat perjanjian or surat pesanan (domain.md 4.2).

The bounds are inclusive at the top ("paling banyak"). The value is the contract value including PPN.
"""

import enum
from datetime import date

from order_service.domain.rules.channel import E_PURCHASING
from order_service.domain.rules.policy_rule import PolicyBook

STAMP_DUTY_ABOVE = 5_000_000


class ContractForm(enum.StrEnum):
    """The paper of a purchase."""

    NOTA = "nota"
    KUITANSI = "kuitansi"
    SPK = "spk"
    SURAT_PERJANJIAN = "surat_perjanjian"
    SURAT_PESANAN = "surat_pesanan"


class ProcurementKind(enum.StrEnum):
    """What is bought, as the procurement rules divide it."""

    GOODS = "goods"
    CONSULTANCY = "consultancy"
    WORKS = "works"


def contract_form(
    value: int,
    channel: str,
    on: date,
    policy: PolicyBook,
    *,
    kind: ProcurementKind = ProcurementKind.GOODS,
) -> ContractForm:
    """Choose the paper for a value on the day of the signature.

    E-purchasing wins over the bands. Nota and kuitansi exist for goods and other services only; consultancy and works
    begin with the SPK.
    """
    if channel in E_PURCHASING:
        return ContractForm.SURAT_PESANAN
    if kind is ProcurementKind.GOODS:
        if value <= policy.required_amount("form.nota.max", on):
            return ContractForm.NOTA
        if value <= policy.required_amount("form.kuitansi.max", on):
            return ContractForm.KUITANSI
    if value <= policy.required_amount("form.spk.max", on, kind=kind.value):
        return ContractForm.SPK
    return ContractForm.SURAT_PERJANJIAN


def needs_stamp_duty(value: int) -> bool:
    """Whether the paper needs a meterai of Rp10,000 (papers stating more than Rp5 million, since 2021)."""
    return value > STAMP_DUTY_ABOVE
