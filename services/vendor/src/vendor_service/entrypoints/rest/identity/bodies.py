"""Bodies of requests about certificates, KBLI and members."""

from datetime import date
from typing import Annotated
from uuid import UUID

from bela_kit.rest import Schema
from pydantic import Field, StringConstraints

from vendor_service.domain.identity.certificate import CertificateKind
from vendor_service.domain.identity.kbli import MOST_CODES
from vendor_service.domain.identity.members import WHOLE, SupplyKind
from vendor_service.entrypoints.rest.schemas import Line, Number, Short


class CertificateBody(Schema):
    """A certificate as it stands on its paper."""

    kind: CertificateKind
    number: Short
    issuer: Line | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    evidence_id: UUID | None = None


class WithdrawBody(Schema):
    """Why a certificate no longer counts."""

    reason: Line


class KbliCodeBody(Schema):
    """A code with the version of the classification."""

    version: Annotated[int, Field(ge=2000, le=2100)]
    code: Annotated[str, StringConstraints(strip_whitespace=True, max_length=10)]


class KbliBody(Schema):
    """All codes of a business, the main one first."""

    codes: Annotated[list[KbliCodeBody], Field(max_length=MOST_CODES)]


class MemberBody(Schema):
    """A member of a koperasi; `share` in ten-thousandths of a delivery."""

    name: Line
    nik: Number | None = None
    share: Annotated[int, Field(ge=0, le=WHOLE)] = 0
    supply: SupplyKind = SupplyKind.GOODS
    joined_on: date | None = None
    left_on: date | None = None
    business_id: UUID | None = None
