"""Whether a channel may carry an order on a day: open, below its limit, with the external number it asks for.

`local` is this platform as the front of direct procurement, `bela` the historic online shop of LKPP (closed from
1 September 2027), `inaproc` the national catalogue recorded here (domain.md 4.5, 13.1).
"""

from datetime import date

from order_service.domain.errors import (
    ActorLimit,
    ChannelClosed,
    ChannelLimit,
    ChannelUnknown,
    ExternalNumberRequired,
    HpsExceeded,
    HpsRequired,
    PokjaRequired,
    UmkmFirst,
)
from order_service.domain.money import rupiah
from order_service.domain.rules.policy_rule import PolicyBook

LOCAL, BELA, INAPROC = "local", "bela", "inaproc"
CHANNELS = frozenset({LOCAL, BELA, INAPROC})
E_PURCHASING = frozenset({BELA, INAPROC})
UMKM_CLASSES = frozenset({"micro", "small", "medium"})
DIRECT = "direct"


def check_channel(
    channel: str,
    value: int,
    on: date,
    policy: PolicyBook,
    *,
    external_number: str = "",
    plan_basis: str = DIRECT,
) -> None:
    """Refuse an order the channel may not carry.

    Args:
        channel: `local`, `bela` or `inaproc`.
        value: Contract value including PPN.
        on: Day of the signature, or today before it.
        policy: The region's rules.
        external_number: SPSE or INAPROC number.
        plan_basis: Basis of the demand plan the order is a lot of; `direct` for a single order.
    """
    if channel not in CHANNELS:
        raise ChannelUnknown
    if channel == BELA:
        limit = policy.amount("channel.bela.max", on)
        # A region closes the channel early with a stricter row of 0.
        if not limit:
            raise ChannelClosed(f"Kanal Bela Pengadaan tidak berlaku pada {on.isoformat()}.")
        if value > limit:
            raise ChannelLimit(f"Kanal Bela Pengadaan paling banyak {rupiah(limit)}.")
    if channel == LOCAL:
        limit = policy.required_amount("channel.local.max", on)
        if plan_basis == DIRECT and value > limit:
            raise ChannelLimit(f"Pesanan langsung pada kanal lokal paling banyak {rupiah(limit)}.")
        above = policy.amount("external.spse.above", on, channel=LOCAL)
        if above is not None and value > above and not external_number:
            raise ExternalNumberRequired(f"Di atas {rupiah(above)} nomor SPSE wajib diisi.")
    if channel == INAPROC and not external_number:
        raise ExternalNumberRequired("Nomor INAPROC wajib diisi.")


def check_hps(value: int, on: date, policy: PolicyBook, hps: int | None) -> None:
    """Refuse a value above the HPS, or one that needs a HPS and has none; no HPS below the limit means no test."""
    above = policy.amount("hps.required.above", on)
    if hps is None:
        if above is not None and value > above:
            raise HpsRequired(f"Di atas {rupiah(above)} HPS wajib dibuat.")
        return
    if value > hps:
        raise HpsExceeded(f"Nilai {rupiah(value)} melebihi HPS {rupiah(hps)}.")


def check_maker(role: str, value: int, on: date, policy: PolicyBook, plan_basis: str = DIRECT) -> None:
    """Refuse a maker of the order whose limit the value passes (domain.md 4.5 `actor.*`)."""
    limit = policy.required_amount("actor.pp.max", on)
    if value <= limit:
        return
    if role == "pp":
        raise ActorLimit(f"Pejabat Pengadaan berwenang sampai {rupiah(limit)}.")
    if policy.word("actor.above", on) == "pokja" and plan_basis == DIRECT:
        raise PokjaRequired


def check_umkm_first(value: int, on: date, policy: PolicyBook, *, business_class: str, entity_kind: str) -> None:
    """Refuse a seller that is neither UMKM nor cooperative where the region buys from them first."""
    below = policy.amount("tenant.umkm_first.below", on)
    if below is None or value >= below:
        return
    if business_class not in UMKM_CLASSES and entity_kind != "koperasi":
        raise UmkmFirst(f"Di bawah {rupiah(below)} pembelian wajib kepada UMKM atau koperasi.")
