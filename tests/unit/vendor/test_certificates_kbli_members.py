from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from vendor_service.domain.identity.certificate import (
    Certificate,
    CertificateKind,
    CertificateStatus,
    checked_certificate,
    checked_number,
)
from vendor_service.domain.identity.errors import CertificateInvalid, KbliInvalid, MemberInvalid
from vendor_service.domain.identity.kbli import KbliCode, KbliTable, checked_codes
from vendor_service.domain.identity.members import check_shares

K = CertificateKind
TABLE = KbliTable(
    {(2020, "56"): "Makan", (2020, "45"): "Mobil", (2020, "56210"): "Event catering", (2025, "46"): "Besar",
     (2025, "56"): "Makan"},
    [("45", "46"), ("45", "47"), ("45", "95"), ("56", "56")],
)  # fmt: skip


def certificate(valid_to: date | None, **changes) -> Certificate:
    values = {"valid_from": None, "issuer": None, "recorded_by": "o", "recorded_role": "r"}
    return Certificate(UUID(int=1), UUID(int=2), K.SNI, "SNI 1", valid_to=valid_to,
                       recorded_at=datetime(2026, 1, 1, tzinfo=UTC), **{**values, **changes})  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "raw", "stored"),
    [
        (K.PIRT, "P-IRT 2063510010123-29", "P-IRT 2063510010123-29"),
        (K.PIRT, "pirt.206351001012329", "P-IRT 2063510010123-29"),
        (K.PIRT, "206351001012329", "P-IRT 2063510010123-29"),
        (K.PIRT, "20635100101232", None),
        (K.HALAL, "ID35110001234567890", "ID35110001234567890".replace(" ", "")),
        (K.HALAL, "ID3511000123456789", None),
        (K.HALAL, "35110001234567890", None),
        (K.BPOM, "MD 123456789012", "MD123456789012"),
        (K.BPOM, "NA18201234567", "NA18201234567"),
        (K.BPOM, "MD 12345", None),
        (K.TKDN, "  123 / SJ-IND ", "123 / SJ-IND"),
    ],
)
def test_a_number_is_checked_by_its_kind(kind, raw, stored):
    assert checked_number(kind, raw) == stored


def test_a_pirt_number_tells_its_year_of_expiry():
    assert checked_certificate(K.PIRT, "2063510010123-29", None, None) == ("P-IRT 2063510010123-29", date(2029, 12, 31))
    with pytest.raises(CertificateInvalid) as refused:
        checked_certificate(K.PIRT, "2063510010123-29", date(2021, 1, 1), date(2028, 1, 1))
    assert {fault.reason for fault in refused.value.fields} == {"YEAR_DIFFERS", "TOO_LONG"}


def test_a_halal_certificate_may_have_no_end_and_an_sni_must_have_one():
    assert checked_certificate(K.HALAL, "ID" + "1" * 17, None, None)[1] is None
    for kind in (K.SNI, K.TKDN, K.HAKI):
        with pytest.raises(CertificateInvalid):
            checked_certificate(kind, "1", None, None)
    with pytest.raises(CertificateInvalid):
        checked_certificate(K.SNI, "1", date(2026, 2, 1), date(2026, 1, 1))


@pytest.mark.parametrize(
    ("valid_to", "status"),
    [
        (None, CertificateStatus.VALID),
        (date(2026, 12, 31), CertificateStatus.VALID),
        (date(2026, 5, 31), CertificateStatus.EXPIRING),
        (date(2026, 3, 2), CertificateStatus.EXPIRING),
        (date(2026, 3, 1), CertificateStatus.EXPIRED),
    ],
)
def test_the_status_follows_from_the_day(valid_to, status):
    assert certificate(valid_to).status_on(date(2026, 3, 2)) == status


def test_a_certificate_that_is_to_come_or_was_withdrawn_is_not_in_force():
    assert certificate(None, valid_from=date(2026, 4, 1)).status_on(date(2026, 3, 2)) == CertificateStatus.COMING
    assert certificate(None, withdrawn_on=date(2026, 3, 2)).status_on(date(2026, 3, 2)) == CertificateStatus.WITHDRAWN


def test_each_reminder_is_due_once_and_the_nearest_counts():
    one = certificate(date(2026, 6, 30))
    assert one.reminder_on(date(2026, 3, 2)) is None
    assert one.reminder_on(date(2026, 4, 1)) == 90
    one.reminded_days = 90
    assert one.reminder_on(date(2026, 5, 30)) is None
    assert one.reminder_on(date(2026, 6, 24)) == 7
    one.reminded_days = 7
    assert one.reminder_on(date(2026, 6, 29)) is None
    assert one.reminder_on(date(2026, 7, 15)) == 0
    one.reminded_days = 0
    assert one.reminder_on(date(2026, 8, 1)) is None


def test_a_code_needs_a_division_of_its_version():
    found = checked_codes([(2020, "56210"), (2020, "56199"), (2020, "56210")], TABLE)
    assert [(one.code, one.known) for one in found] == [("56210", True), ("56199", False)]
    for wrong in ((2015, "56210"), (2020, "5621"), (2025, "45201"), (2020, "00000"), (2020, "5621x")):
        with pytest.raises(KbliInvalid):
            checked_codes([wrong], TABLE)


def test_one_old_code_may_have_become_several_new_ones_and_back():
    assert TABLE.became(KbliCode(2020, "45201")) == ["46", "47", "95"]
    assert TABLE.became(KbliCode(2025, "46100")) == ["45"]
    assert TABLE.became(KbliCode(2020, "99999")) == []


def test_shares_come_to_the_whole_at_most():
    check_shares(7500, 2500)
    with pytest.raises(MemberInvalid):
        check_shares(7500, 2501)
