"""Refusals that concern certificates, KBLI and members of a koperasi."""

from bela_kit.core.errors import FieldError, Kind, ServiceError


class CertificateInvalid(ServiceError):
    """A certificate whose number or dates its kind does not know."""

    reason = "CERTIFICATE_INVALID"

    def __init__(self, fields: list[FieldError]) -> None:
        super().__init__("Data sertifikat belum benar.", fields=fields)


class CertificateExists(ServiceError):
    """The business has a certificate of this kind and number already."""

    kind = Kind.ALREADY_EXISTS
    reason = "CERTIFICATE_EXISTS"

    def __init__(self) -> None:
        super().__init__("Sertifikat dengan nomor ini sudah tercatat.")


class CertificateNotFound(ServiceError):
    """No such certificate of this business."""

    kind = Kind.NOT_FOUND
    reason = "CERTIFICATE_NOT_FOUND"

    def __init__(self) -> None:
        super().__init__("Sertifikat tidak ditemukan.")


class KbliInvalid(ServiceError):
    """A code that its version cannot have."""

    reason = "KBLI_INVALID"

    def __init__(self, fields: list[FieldError]) -> None:
        super().__init__("Kode KBLI belum benar.", fields=fields)


class NotAKoperasi(ServiceError):
    """Only a koperasi or a group of businesses (KUB) has members."""

    kind = Kind.STATE
    reason = "NOT_A_KOPERASI"

    def __init__(self) -> None:
        super().__init__("Hanya koperasi atau kelompok usaha bersama yang mempunyai anggota.")


class MemberInvalid(ServiceError):
    """A member whose NIK or share cannot be."""

    reason = "MEMBER_INVALID"

    def __init__(self, field: str, reason: str, sentence: str) -> None:
        super().__init__("Data anggota belum benar.", fields=[FieldError(field, reason, sentence)])


class MemberExists(ServiceError):
    """The person is a member of this koperasi already."""

    kind = Kind.ALREADY_EXISTS
    reason = "MEMBER_EXISTS"

    def __init__(self) -> None:
        super().__init__("Orang ini sudah tercatat sebagai anggota.")


class MemberNotFound(ServiceError):
    """No such member of this koperasi."""

    kind = Kind.NOT_FOUND
    reason = "MEMBER_NOT_FOUND"

    def __init__(self) -> None:
        super().__init__("Anggota tidak ditemukan.")


class AreaNotFound(ServiceError):
    """No area has or had this code."""

    kind = Kind.NOT_FOUND
    reason = "AREA_NOT_FOUND"

    def __init__(self) -> None:
        super().__init__("Kode wilayah tidak dikenal.")
