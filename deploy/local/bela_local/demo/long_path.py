"""The long path: the procurement officer chooses, the PPK signs, the seller delivers, the treasurer pays."""

from __future__ import annotations

from bela_local.demo.api import Json
from bela_local.demo.office import Office
from bela_local.demo.telling import rupiah, say, table

BUCKETS = ("reserved", "committed", "accepted", "paid")


def play_long_path(office: Office, need: Json, offer: Json, seller: str, quantity: int, **more: str) -> Json:
    """Order, and print after each act where the money stands; return the paid order."""
    body = {
        "need_id": need["need_id"],
        "vendor_id": offer["vendor_id"],
        "lines": [{"product_id": offer["product_id"], "quantity": quantity}],
        **more,
    }
    order = office.api.post(f"{office.path}/orders", office.who("pp"), body)
    rows = []
    for verb, who, sent, meaning in _acts(office, seller, quantity):
        order = office.act(order, verb, who, sent)
        line = office.line()
        rows.append((meaning, order["state"], *(rupiah(line[f"{bucket}_idr"]) for bucket in BUCKETS)))
    table(("langkah", "status", *BUCKETS), rows)
    payment = order["deliveries"][0]["payment"]
    taxes = ", ".join(f"{tax['kind']} {rupiah(tax['amount_idr'])} ({tax['legal_basis']})" for tax in payment["taxes"])
    say(f"Penjual menerima {rupiah(payment['received_idr'])} dari {rupiah(payment['gross_idr'])}.")
    say(f"Pajak yang dipotong: {taxes or 'tidak ada'}.")
    return order


def _acts(office: Office, seller: str, quantity: int) -> list[tuple[str, str, Json, str]]:
    signer, chooser, treasurer = office.who("ppk"), office.who("pp"), office.who("bendahara")
    everything = [{"line_number": 1, "quantity": quantity}]
    return [
        ("submit", chooser, {}, "pejabat pengadaan mengajukan: kapasitas dan anggaran tertahan"),
        ("sign", signer, {}, "PPK menandatangani Surat Pesanan"),
        ("confirm", seller, {}, "penjual menyanggupi"),
        ("start", seller, {}, "penjual mulai bekerja"),
        ("deliver", seller, {"lines": everything}, "barang tiba"),
        ("inspect", signer, {"lines": [{"line_number": 1, "good": quantity}]}, "diperiksa: semua baik"),
        ("hand_over", signer, {}, "PPK menandatangani BAST"),
        ("countersign", seller, {}, "penjual menandatangani BAST: menjadi belanja"),
        ("invoice", seller, {"number": "INV-1"}, "penjual menagih"),
        ("pay", treasurer, {"reference": "SP2D-0042", "mechanism": "LS"}, "bendahara membayar"),
    ]
