"""Messages of the RPCs, read as what the use cases understand."""

from datetime import date

from bela.vendor.v1 import vendor_service_pb2 as pb
from bela_kit.core.tenancy import parse_tenant

from vendor_service.application.eligibility import Question
from vendor_service.domain.errors import QuestionInvalid


def question_of(request: pb.CheckEligibilityRequest) -> Question:
    """Return the order to be; refuses another currency, fractions, negative values and a day that does not exist."""
    value = request.value
    if value.currency_code not in ("", "IDR") or value.nanos or value.units < 0:
        raise QuestionInvalid("value")
    try:
        on = date(request.on.year, request.on.month, request.on.day)
    except ValueError:
        raise QuestionInvalid("on") from None
    buyer = parse_tenant(request.buyer.removeprefix("regions/")) if request.buyer else None
    return Question(
        value_idr=value.units,
        on=on,
        buyer=buyer,
        category_code=request.category_code,
        must_be_producer=request.must_be_producer,
    )
