"""Bodies of requests about personal data."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from bela_kit.rest import Schema
from pydantic import StringConstraints

from vendor_service.entrypoints.rest.schemas import Line, Number, Principal, ProfileFields, Short

Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=10, max_length=500)]


class ConsentTextBody(Schema):
    """A version of the consent text; it is never changed once published."""

    version: Short
    body: Annotated[str, StringConstraints(strip_whitespace=True, min_length=50, max_length=20_000)]
    valid_from: date


class ConsentBody(Schema):
    """That a text was accepted; by whoever asks, unless an officer writes down a paper."""

    consent_version: Short
    accepted_by: Principal | None = None
    on_paper: bool = False
    evidence_id: UUID | None = None


class AccessBody(Schema):
    """Why a person's whole data is taken; a seller need not say."""

    reason: Reason | None = None


class CorrectionBody(ProfileFields):
    """Fields as they should be; those left out stay."""

    name: Line | None = None
    main_product: Line | None = None
    owner_name: Line | None = None
    nik: Number | None = None
    kk: Number | None = None
    sex: Literal["L", "P"] | None = None
    birth_place: Short | None = None
    birth_date: date | None = None


class DataRequestBody(Schema):
    """What a person asks about their own data."""

    kind: Literal["correction", "erasure"]
    words: Annotated[str, StringConstraints(strip_whitespace=True, max_length=1000)] = ""
    correction: CorrectionBody | None = None


class DecisionBody(Schema):
    """An officer's answer."""

    granted: bool
    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=5, max_length=500)]
