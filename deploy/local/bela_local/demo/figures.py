"""What the public sees seconds later: how evenly the money spreads, in agreement with the ledger to the rupiah."""

from __future__ import annotations

import json
import re
from functools import partial

from bela_local.demo.api import Api, Json, wait_until
from bela_local.demo.office import Office
from bela_local.demo.telling import expect, rupiah, say, table, title

MEASURES = ("gini", "hhi", "effective_number", "theil", "theil_within", "theil_between", "reach", "top1_share")
# Sixteen digits in a row are a NIK or a family card; a phone begins with 08 or +62; letters
# or dashes beside the digits make them part of an id.
PERSONAL = re.compile(r"(?<![\w-])(\d{16}|(\+62|0)8\d{8,11})(?![\w-])")


def show(api: Api, region: str, year: int, offices: list[Office]) -> None:
    """Print the equity of a region and check each office's budget lines against the reports."""
    title(f"Yang dilihat semua orang: pemerataan belanja daerah {region} tahun {year}")
    path = f"/reporting/v1/regions/{region}"
    equity = api.get(f"{path}/equity", year=year)
    say(f"{equity['n']} usaha aktif, {equity['sellers']} di antaranya menjual; belanja {rupiah(equity['spend_idr'])}.")
    theil = equity["theil"] or {}
    values = {
        **equity,
        "theil": theil.get("total"),
        **{f"theil_{part}": theil.get(part) for part in ("within", "between")},
    }
    table(("ukuran", "nilai"), ((name, "-" if values[name] is None else f"{values[name]:.4f}") for name in MEASURES))
    spend = api.get(f"{path}/spend", by="vendor", year=year)
    table(("penjual", "belanja"), ((row["name"], rupiah(row["value_idr"])) for row in spend["rows"][:8]))
    reconcile(api, year, offices)


def reconcile(api: Api, year: int, offices: list[Office]) -> None:
    """Wait until the reports agree with the ledger of every office, and print both."""
    for office in offices:
        wait_until(partial(_agrees, api, office, year), f"reports of {office.name}")
    table(
        ("kantor", "daerah", "buku besar: diserahkan + dibayar", "laporan"),
        ((o.name, o.region, rupiah(_ledger(o)), rupiah(_reported(api, o, year))) for o in offices),
    )
    say("Buku besar dan laporan sama sampai rupiah terakhir.")


def show_record(api: Api, region: str, order: Json) -> None:
    """Print the public OCDS record of one order and look for personal data in it."""
    ocid = f"ocds-bela00-{region}-{order['order_id']}"
    path = f"/reporting/v1/regions/{region}/ocds/records/{ocid}"
    wait_until(lambda: "implementation" in json.dumps(api.get(path)), "the OCDS record of the payment")
    record = api.get(path)
    text = json.dumps(record, ensure_ascii=False)
    say(f"Catatan OCDS {ocid}: {len(record['records'][0]['releases'])} rilis, {len(text)} huruf.")
    expect(PERSONAL.search(text) is None, "no NIK, family card or phone in the public record")
    say("Tidak ada NIK, nomor telepon atau rekening di dalamnya.")


def _ledger(office: Office) -> int:
    line = office.line()
    return int(line["accepted_idr"] + line["paid_idr"])


def _reported(api: Api, office: Office, year: int) -> int:
    path = f"/reporting/v1/regions/{office.region}/budget_lines"
    for line in api.get(path, f"auditor.{office.region}", year=year, unit=office.unit_id)["lines"]:
        if line["budget_line_id"] == office.budget_line_id:
            return int(line["accepted_idr"] + line["paid_idr"])
    return -1


def _agrees(api: Api, office: Office, year: int) -> bool:
    return _ledger(office) == _reported(api, office, year)
