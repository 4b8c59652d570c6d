"""The contracts between services: linted, only growing, compiled, and complete enough that nobody calls back."""

import importlib
import importlib.util
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from google.protobuf.descriptor import Descriptor, FieldDescriptor, FileDescriptor

ROOT = Path(__file__).parents[3]
PROTO = ROOT / "proto"
FILES = sorted(PROTO.glob("bela/**/*.proto"))
# The aggregate that an event must carry whole, by its package.
AGGREGATES = {
    "bela.vendor.events.v1": {"bela.vendor.v1.Vendor"},
    "bela.catalog.events.v1": {"bela.catalog.v1.Product"},
    "bela.order.events.v1": {
        "bela.order.events.v1.Order",
        "bela.order.events.v1.BudgetLine",
        "bela.order.events.v1.Unit",
    },
    "bela.common.v1": {"bela.common.v1.Grant", "bela.common.v1.TenantSettings"},
}


def load_script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("bela_scripts_proto", ROOT / "scripts" / "proto.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def run(command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "scripts/proto.py", command], cwd=ROOT, capture_output=True, text=True)


def described() -> Iterator[FileDescriptor]:
    for path in FILES:
        name = path.relative_to(PROTO).with_suffix("").as_posix().replace("/", ".") + "_pb2"
        yield importlib.import_module(name).DESCRIPTOR


def messages() -> Iterator[Descriptor]:
    for file in described():
        waiting = list(file.message_types_by_name.values())
        while waiting:
            message = waiting.pop()
            waiting += message.nested_types
            yield message


def events() -> list[Descriptor]:
    """Messages that travel on NATS: everything in an events package that says when it happened."""
    found = []
    for message in messages():
        package = message.file.package
        travels = "occurred_at" in message.fields_by_name or "transition" in message.fields_by_name
        if package in AGGREGATES and travels and message.name != "Transition":
            found.append(message)
    return found


def test_protos_are_linted_and_every_message_and_field_is_explained() -> None:
    done = run("lint")
    assert done.returncode == 0, done.stdout + done.stderr


def test_protos_only_grow() -> None:
    assert (PROTO / "baseline.binpb").is_file(), "write it with `python scripts/proto.py baseline`"
    done = run("breaking")
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_breaking_change_would_be_found(tmp_path: Path) -> None:
    """The check above bites: take a field away and it says so."""
    script = load_script()
    (tmp_path / "proto").mkdir()
    shutil.copytree(PROTO / "bela", tmp_path / "proto" / "bela")
    shutil.copy(PROTO / "buf.yaml", tmp_path / "proto")
    victim = tmp_path / "proto/bela/catalog/v1/product.proto"
    text = victim.read_text(encoding="utf-8")
    assert "  string title = 6;\n" in text
    victim.write_text(text.replace("  string title = 6;\n", "  string titel = 6;\n"), encoding="utf-8")
    script.PROTO = tmp_path / "proto"
    assert script.buf("breaking", "--path", "bela", "--against", str(PROTO / "baseline.binpb")) != 0


def test_generated_code_is_current(tmp_path: Path) -> None:
    script = load_script()
    committed = script.GENERATED / "bela"
    script.GENERATED = tmp_path
    script.generate()
    fresh = {path.relative_to(tmp_path / "bela"): path for path in (tmp_path / "bela").rglob("*.py*") if path.is_file()}
    stale = [
        str(name)
        for name, path in fresh.items()
        if not (committed / name).is_file() or (committed / name).read_bytes() != path.read_bytes()
    ]
    gone = [
        str(path.relative_to(committed))
        for path in committed.rglob("*.py*")
        if path.suffix in {".py", ".pyi"} and path.relative_to(committed) not in fresh
    ]
    assert (stale, gone) == ([], []), "run `make proto` and commit proto/gen"


def test_the_package_is_the_folder() -> None:
    for file in described():
        assert file.name == f"{file.package.replace('.', '/')}/{Path(file.name).name}"


def test_money_is_money_and_nothing_is_a_float() -> None:
    for message in messages():
        for field in message.fields:
            assert field.cpp_type not in (FieldDescriptor.CPPTYPE_DOUBLE, FieldDescriptor.CPPTYPE_FLOAT), (
                field.full_name
            )
            counted = field.cpp_type != FieldDescriptor.CPPTYPE_BOOL
            if counted and any(word in field.name for word in ("price", "amount", "total", "ceiling", "gross")):
                assert field.message_type is not None, field.full_name
                assert field.message_type.full_name == "google.type.Money", field.full_name


def test_no_message_has_room_for_a_personal_identifier() -> None:
    forbidden = ("nik", "kk", "npwp", "phone", "bank", "rekening", "birth")
    allowed = {"npwp_state"}
    for message in messages():
        for field in message.fields:
            words = set(field.name.split("_"))
            assert field.name in allowed or not words & set(forbidden), field.full_name


@pytest.mark.parametrize("event", events(), ids=lambda event: event.name)
def test_an_event_carries_its_whole_aggregate(event: Descriptor) -> None:
    held = [field.message_type for field in event.fields if field.message_type is not None]
    state = [message for message in held if message.full_name in AGGREGATES[event.file.package]]
    assert len(state) == 1, "exactly one aggregate, as it stands after the event"
    assert "version" in state[0].fields_by_name
    assert "region" in state[0].fields_by_name or "tenant" in state[0].fields_by_name


@pytest.mark.parametrize("event", events(), ids=lambda event: event.name)
def test_an_event_says_when_and_is_named_in_the_past(event: Descriptor) -> None:
    names: dict[str, Any] = event.fields_by_name
    assert "occurred_at" in names or "occurred_at" in names["transition"].message_type.fields_by_name
    assert event.name.endswith(("ed", "Made", "Withdrawn", "Paid", "Over")), event.name


def test_every_rpc_names_its_errors_and_its_request_names_the_region() -> None:
    for file in described():
        for service in file.services_by_name.values():
            text = (PROTO / file.name).read_text(encoding="utf-8")
            for method in service.methods:
                before = text[: text.index(f"rpc {method.name}(")].rsplit("\n\n", 1)[-1].rsplit(";", 1)[-1]
                assert "Errors:" in before, method.full_name
                assert "parent" in method.input_type.fields_by_name, method.full_name
