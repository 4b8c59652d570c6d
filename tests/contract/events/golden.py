"""Golden events: one readable file for each event a service publishes, with every field filled.

A file says what went on the wire in a released version. It is never changed, only joined by others: whoever changes a
message adds a file `<event>.<n>.json` and keeps the old one readable (architecture 3.9).
"""

import importlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from bela_kit.core.tenancy import TenantId
from bela_kit.events import ReceivedEvent, from_message
from google.protobuf import json_format
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message

ROOT = Path(__file__).parents[3]
FOLDER = Path(__file__).parent / "goldens"
TENANT = TenantId("3510")
HOME = "6112"  # of a guest
AT = "2026-03-02T03:00:00+00:00"
MODULES = (
    "bela.vendor.events.v1.vendor_events_pb2",
    "bela.catalog.events.v1.catalog_events_pb2",
    "bela.order.events.v1.order_events_pb2",
    "bela.common.v1.authority_pb2",
)
# The state an order has after each event; goldens of one order tell one story.
ORDER_STATES = {
    "order_submitted": "PPK_REVIEW",
    "order_returned": "DRAFT",
    "order_signed": "SP_ISSUED",
    "order_reissued": "SP_ISSUED",
    "order_stopped": "STOPPED",
    "order_started": "IN_PROGRESS",
    "order_handed_over": "HANDED_OVER",
}
_SUBJECT_TOKEN = re.compile(r"Subject token: (\w+)\.\nmessage (\w+) \{")


@dataclass(frozen=True)
class Golden:
    """One committed event."""

    path: Path
    source: str
    name: str
    type: str
    headers: dict[str, str]
    payload: dict[str, Any]

    @property
    def id(self) -> str:
        return f"{self.source}/{self.path.stem}"

    def message(self) -> Message:
        return json_format.ParseDict(self.payload, message_class(self.type)())

    def received(self, payload: bytes | None = None) -> ReceivedEvent:
        """The event as a consumer gets it from the broker."""
        encoded = self.message().SerializeToString(deterministic=True) if payload is None else payload
        return from_message(f"bela.{self.source}.v1.{self.headers['ce-tenant']}.{self.name}", self.headers, encoded)


def goldens() -> list[Golden]:
    found = []
    for path in sorted(FOLDER.glob("*/*.json"), key=_age):
        content = json.loads(path.read_text(encoding="utf-8"))
        name = path.stem.partition(".")[0]
        headers = content["headers"]
        found.append(Golden(path, path.parent.name, name, headers["ce-type"], headers, content["payload"]))
    return found


def _age(path: Path) -> tuple[str, str, int]:
    name, number, _ = path.name.split(".")
    return path.parent.name, name, int(number)


def subject_tokens() -> dict[str, str]:
    """The subject token that the comment of each event message names, by its full name."""
    found = {}
    for path in sorted((ROOT / "proto").glob("bela/**/*.proto")):
        text = path.read_text(encoding="utf-8")
        package = re.search(r"^package ([\w.]+);", text, re.MULTILINE)
        assert package is not None
        # A comment of several lines may stand between; they are joined before the look.
        joined = re.sub(r"\n// ", " ", text)
        for token, message in _SUBJECT_TOKEN.findall(joined):
            found[f"{package.group(1)}.{message}"] = token
    return found


def message_class(full_name: str) -> Any:
    for module_name in MODULES:
        module = importlib.import_module(module_name)
        package, _, name = full_name.rpartition(".")
        if module.DESCRIPTOR.package == package and hasattr(module, name):
            return getattr(module, name)
    raise AssertionError(f"no generated class for {full_name}")


def unfilled(message: Message, path: str = "") -> Iterator[str]:
    """Fields that hold nothing; a consumer that misreads them would not be noticed."""
    if message.DESCRIPTOR.file.package.startswith("google."):
        return
    for field in message.DESCRIPTOR.fields:
        here = f"{path}{field.name}"
        if field.is_repeated:
            values = list(getattr(message, field.name))
            if not values:
                yield here
            if field.message_type is not None:
                for number, value in enumerate(values):
                    yield from unfilled(value, f"{here}[{number}].")
        elif field.has_presence:
            if not message.HasField(field.name):
                yield here
            elif field.message_type is not None:
                yield from unfilled(getattr(message, field.name), f"{here}.")
        elif getattr(message, field.name) == field.default_value:
            yield here


def write(source: str, name: str, full_name: str, path: Path) -> None:
    """Write a golden of an event as it is now, to be read before it is committed."""
    message = message_class(full_name)()
    fill(message, name)
    aggregate = next(
        f for f in message.DESCRIPTOR.fields if f.message_type and "version" in f.message_type.fields_by_name
    )
    state = getattr(message, aggregate.name)
    holder = message if "version" in message.DESCRIPTOR.fields_by_name else state
    identity = next((f.name for f in holder.DESCRIPTOR.fields if f.name.endswith("_id")), "tenant")
    number = path.name.split(".")[1]
    event_id = str(uuid5(NAMESPACE_URL, full_name if number == "1" else f"{full_name}.{number}"))
    content = {
        "headers": {
            "Nats-Msg-Id": event_id,
            "ce-specversion": "1.0",
            "ce-id": event_id,
            "ce-type": full_name,
            "ce-source": f"/bela/{source}",
            "ce-subject": getattr(holder, identity),
            "ce-time": AT,
            "ce-aggregateversion": str(holder.version),
            "ce-tenant": TENANT,
            "content-type": "application/protobuf",
        },
        "payload": json_format.MessageToDict(message, preserving_proto_field_name=True),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def fill(message: Message, event: str) -> None:
    for field in message.DESCRIPTOR.fields:
        if field.message_type is None:
            value = scalar(message.DESCRIPTOR, field, event)
            if field.is_repeated:
                getattr(message, field.name).append(value)
            else:
                setattr(message, field.name, value)
            continue
        target = getattr(message, field.name).add() if field.is_repeated else getattr(message, field.name)
        kind = field.message_type.full_name
        if kind == "google.protobuf.Timestamp":
            target.FromDatetime(datetime.fromisoformat(AT).replace(tzinfo=None))
        elif kind == "google.type.Date":
            last = field.name.endswith("_to")
            target.year, target.month, target.day = (2027, 12, 31) if last else (2026, 3, 2)
        elif kind == "google.type.Money":
            target.currency_code, target.units = "IDR", MONEY.get(field.name, 1_800_000)
        else:
            fill(target, event)


MONEY = {"unit_price": 18_000, "best_unit_price": 17_500, "ceiling": 250_000_000, "blocked": 5_000_000}
TEXTS = {
    "region": TENANT,
    "tenant": TENANT,
    "host_region": TENANT,
    "zone": "Asia/Jakarta",
    "district_code": "351016",
    "village_code": "3510161001",
    "delivery_district_codes": "351016",
    "display_name": "Dapur Bu Siti",
    "title": "Nasi kotak standar",
    "need_title": "Konsumsi rapat koordinasi",
    "main_product": "nasi kotak",
    "unit": "kotak",
    "unit_name": "Kelurahan Kepatihan",
    "budget_holder_name": "Kecamatan Banyuwangi",
    "category_code": "food.meal_box",
    "category_codes": "food.meal_box",
    "producer_category_codes": "food.meal_box",
    "profile_code": "meal_box_standard",
    "account_code": "5.1.02.01.01.0052",
    "sub_activity_code": "7.01.01.2.06.0009",
    "channel": "bela",
    "contract_form": "nota",
    "document_number": "027/001/SP/351016/2026",
    "number": "027/001/BAST/351016/2026",
    "external_number": "EP-0001",
    "rup_code": "55555555",
    "reference": "SP2D-0001",
    "kind": "PPH22",
    "collector": "TREASURER",
    "legal_basis": "PMK 59/PMK.03/2022",
    "override_reason": "quality",
    "flags": "rotation_lifted",
    "payer_kind": "apbd",
    "fund_source": "PAD",
    "principal": "pp.3510",
    "acting_for": "ppk.3510",
    "on_behalf_of": "01890000-0000-7000-8000-00000000000a",
    "role": "pp",
    "letter_number": "188/1/KEP/3510/2026",
    "member_principals": "vendor1.3510",
    "merged_into": "01890000-0000-7000-8000-00000000000b",
    "reason": "sesuai permintaan",
}
NUMBERS = {
    "version": 4,
    "line_number": 1,
    "quantity": 100,
    "quantity_accepted": 100,
    "fiscal_year": 2026,
    "statement_500_year": 2026,
    "regime_start_year": 2024,
    "capacity_per_day": 300,
    "lead_time_hours": 24,
    "suggestion_rank": 1,
    "work_week_days": 5,
    "clock_offset_seconds": 3600,
}


def scalar(owner: Descriptor, field: FieldDescriptor, event: str) -> Any:
    if field.enum_type is not None:
        if field.enum_type.name == "OrderState":
            word = ORDER_STATES.get(event, event.removeprefix("order_").upper())
            return field.enum_type.values_by_name[f"ORDER_STATE_{word}"].number
        wanted = {"SupplyType": 4, "ProductState": 3 if event == "product_withdrawn" else 2, "NpwpState": 3}
        return wanted.get(field.enum_type.name, 1)
    if field.cpp_type == FieldDescriptor.CPPTYPE_BOOL:
        return True
    if field.cpp_type == FieldDescriptor.CPPTYPE_STRING:
        return text(owner, field.name)
    return NUMBERS[field.name]


def text(owner: Descriptor, name: str) -> str:
    ids = {"vendor_id": 1, "product_id": 2, "order_id": 3, "need_id": 4, "unit_id": 5, "budget_line_id": 6}
    if name in ids:
        return f"01890000-0000-7000-8000-{ids[name]:012x}"
    if name.endswith("_id"):
        return f"01890000-0000-7000-8000-{100 + len(name):012x}"
    if name == "name" and owner.name in {"Vendor", "Product", "Order"}:
        word = owner.name.lower()
        return f"regions/{TENANT}/{word}s/{text(owner, f'{word}_id')}"
    if name == "name":
        return "Kabupaten Banyuwangi"
    if name == "kind" and owner.name == "TenantSettings":
        return "kabkota"
    return TEXTS[name]
