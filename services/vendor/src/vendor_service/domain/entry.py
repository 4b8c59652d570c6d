"""A business as a person types it in: checked field by field, refused as a whole with every fault named."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bela_kit.core.errors import FieldError
from bela_kit.core.ids import new_id

from vendor_service.domain.areas import AreaIndex
from vendor_service.domain.errors import ProfileInvalid
from vendor_service.domain.identifiers import (
    Checked,
    birth_date_of,
    check_account,
    check_kk,
    check_nib,
    check_nik,
    check_nitku,
    check_npwp,
    check_phone,
    sex_of,
)
from vendor_service.domain.imports.cells import text_of
from vendor_service.domain.owner import Owner
from vendor_service.domain.profile import PERSON_FORMS, PRIVATE_FIELDS, PrivateDetails, Profile, profile_of

_SENTENCES = {
    "WRONG_LENGTH": "Jumlah digit tidak sesuai.",
    "NOT_A_NUMBER": "Harus berupa angka.",
    "PROVINCE_UNKNOWN": "Kode provinsi tidak dikenal.",
    "AREA_UNKNOWN": "Wilayah tidak dikenal di daerah ini.",
    "DATE_NOT_REAL": "Tanggal di dalam nomor tidak benar.",
    "SERIAL_ZERO": "Nomor urut tidak boleh 0000.",
    "NITKU_OF_ANOTHER_NPWP": "NITKU tidak dimulai dengan NPWP usaha ini.",
    "NOT_A_PHONE": "Bukan nomor telepon Indonesia.",
    "REQUIRED": "Wajib diisi.",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """Values by field name: of the profile, of the private details, and of each owner."""

    profile: Mapping[str, Any]
    private: Mapping[str, Any]
    owners: Sequence[Mapping[str, Any]]


def checked_entry(entry: Entry, areas: AreaIndex, today: date) -> tuple[Profile, PrivateDetails, tuple[Owner, ...]]:
    """Return a business whose every field is in the form that is stored.

    Raises:
        ProfileInvalid: With all the fields that are not.
    """
    faults: list[FieldError] = []
    values = {name: text_of(value) if isinstance(value, str) else value for name, value in entry.profile.items()}
    for name in ("name", "main_product"):
        if not values.get(name):
            faults.append(_fault(name, "REQUIRED"))
    _check_place(values, areas, faults)
    owners = tuple(_owner(place, values_of, today, faults) for place, values_of in enumerate(entry.owners))
    nik = owners[0].nik if owners else None
    entity = values.get("entity_kind", "individual") not in PERSON_FORMS
    private = _private(entry.private, today, nik, entity, faults)
    if faults:
        raise ProfileInvalid(faults)
    return profile_of(values), private, owners


def _check_place(values: dict[str, Any], areas: AreaIndex, faults: list[FieldError]) -> None:
    village = values.get("village_code")
    if village is not None:
        found = areas.by_code.get(village)
        if found is None or len(found.code) != 10:
            faults.append(_fault("village_code", "AREA_UNKNOWN"))
            return
        if values.get("district_code") not in (None, found.parent):
            faults.append(_fault("district_code", "DISTRICT_DIFFERS"))
        values["district_code"] = found.parent
        return
    district = values.get("district_code")
    if district is None:
        faults.append(_fault("district_code", "REQUIRED"))
    elif district not in areas.by_code or len(district) != 6:
        faults.append(_fault("district_code", "AREA_UNKNOWN"))


def _owner(place: int, values: Mapping[str, Any], today: date, faults: list[FieldError]) -> Owner:
    path = f"owners[{place}]"
    name = text_of(values.get("name")) or ""
    if not name:
        faults.append(_fault(f"{path}.name", "REQUIRED"))
    nik = _number(f"{path}.nik", values.get("nik"), lambda raw: check_nik(raw, today), faults)
    kk = _number(f"{path}.kk", values.get("kk"), lambda raw: check_kk(raw, today), faults)
    sex, born = values.get("sex"), values.get("birth_date")
    if nik is not None:
        sex, born = sex or sex_of(nik), born or birth_date_of(nik, today)
    place_of_birth = text_of(values.get("birth_place"))
    return Owner(new_id(), name, nik=nik, kk=kk, sex=sex, birth_place=place_of_birth, birth_date=born)


def _private(
    given: Mapping[str, Any], today: date, nik: str | None, entity: bool, faults: list[FieldError]
) -> PrivateDetails:
    checks: dict[str, Callable[[str], Checked]] = {
        "nib": check_nib,
        "npwp": lambda raw: check_npwp(raw, today, nik=nik, entity=entity),
        "nitku": lambda raw: check_nitku(raw, today, nik=nik, entity=entity),
        "phone": check_phone,
        "account_number": check_account,
    }
    values: dict[str, str | None] = {}
    for name in PRIVATE_FIELDS:
        raw = given.get(name)
        values[name] = _number(name, raw, checks[name], faults) if name in checks else text_of(raw)
    npwp, nitku = values["npwp"], values["nitku"]
    if npwp is not None and nitku is not None and not nitku.startswith(npwp):
        faults.append(_fault("nitku", "NITKU_OF_ANOTHER_NPWP"))
    return PrivateDetails(**values)


def _number(field: str, raw: str | None, check: Callable[[str], Checked], faults: list[FieldError]) -> str | None:
    if raw is None:
        return None
    checked = check(raw)
    if checked.value is None:
        faults.append(_fault(field, checked.reason or "NOT_A_NUMBER"))
    return checked.value


def _fault(field: str, reason: str) -> FieldError:
    return FieldError(field, reason, _SENTENCES.get(reason, "Tidak sah."))
