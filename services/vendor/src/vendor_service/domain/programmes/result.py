"""What a business took home from a programme: a score, a certificate, a word of the trainer."""

from dataclasses import dataclass
from uuid import UUID

from vendor_service.domain.personal_data.free_text import mask_numbers_in


@dataclass(frozen=True, slots=True)
class Result:
    """The outcome of one business in one programme.

    Attributes:
        score: 0 to 100, if one was given.
        certificate_number: As printed on the certificate of attendance.
        note: The trainer's remark; long numbers in it are masked, since people write NIK into remarks.
    """

    vendor_id: UUID
    passed: bool
    score: int | None = None
    certificate_number: str | None = None
    note: str = ""

    def cleaned(self) -> "Result":
        """Return it with personal numbers masked."""
        return Result(self.vendor_id, self.passed, self.score, self.certificate_number, mask_numbers_in(self.note))
