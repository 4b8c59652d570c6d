"""Every refusal of the register, one class per reason. Sentences are for the person at the other end."""

from typing import ClassVar

from bela_kit.core.errors import FieldError, Kind, ServiceError


class VendorNotFound(ServiceError):
    """No such business in this region, or none that the caller may know of."""

    kind = Kind.NOT_FOUND
    reason = "VENDOR_NOT_FOUND"

    def __init__(self) -> None:
        super().__init__("Pelaku usaha tidak ditemukan.")


class RegionHasNoVendors(ServiceError):
    """A province buys but keeps no register of businesses."""

    kind = Kind.STATE
    reason = "REGION_HAS_NO_VENDORS"

    def __init__(self) -> None:
        super().__init__("Provinsi tidak mendata pelaku usaha; daftarkan di kabupaten atau kota asal.")


class ProfileInvalid(ServiceError):
    """Fields of a business that cannot be taken as they are."""

    reason = "PROFILE_INVALID"

    def __init__(self, fields: list[FieldError]) -> None:
        super().__init__("Data usaha belum benar.", fields=fields)


class VendorAlreadyRegistered(ServiceError):
    """The deduplication rules say that this business is in the register; an officer is told which one."""

    kind = Kind.ALREADY_EXISTS
    reason = "VENDOR_ALREADY_REGISTERED"

    def __init__(self, vendor_id: str, rule: str) -> None:
        super().__init__(
            "Usaha ini sudah terdaftar.",
            metadata={"vendor_id": vendor_id, "rule": rule},
            extra={"vendor_id": vendor_id, "rule": rule},
        )


class SignUpLimit(ServiceError):
    """One person signs up a few businesses at most before an officer has looked at them."""

    kind = Kind.LIMIT
    reason = "SIGN_UP_LIMIT"

    def __init__(self) -> None:
        super().__init__("Pendaftaran Anda sebelumnya masih menunggu pemeriksaan petugas.")


class ConsentMissing(ServiceError):
    """No account and no sign-up without accepted consent (UU 27/2022)."""

    reason = "CONSENT_MISSING"

    def __init__(self) -> None:
        super().__init__("Persetujuan pemrosesan data pribadi belum diberikan.")


class PhoneNotVerified(ServiceError):
    """An account needs a phone number that was tried."""

    kind = Kind.STATE
    reason = "PHONE_NOT_VERIFIED"

    def __init__(self) -> None:
        super().__init__("Nomor telepon belum diverifikasi.")


class PrincipalMissing(ServiceError):
    """Nobody to open the account for: none named, and the business was not signed up by a person."""

    reason = "PRINCIPAL_MISSING"

    def __init__(self) -> None:
        super().__init__("Sebutkan pengguna yang akan memegang akun usaha ini.")


class GovernmentRoleHeld(ServiceError):
    """A government officer may not act for a business of the same region (domain.md 1.2)."""

    kind = Kind.FORBIDDEN
    reason = "GOVERNMENT_ROLE_HELD"

    def __init__(self) -> None:
        super().__init__("Pengguna ini memegang peran pemerintah di daerah ini dan tidak boleh menjadi penyedia.")


class SelfVerification(ServiceError):
    """Nobody verifies a business they belong to."""

    kind = Kind.FORBIDDEN
    reason = "SELF_VERIFICATION"

    def __init__(self) -> None:
        super().__init__("Petugas tidak boleh memverifikasi usaha miliknya sendiri.")


class VerificationRefused(ServiceError):
    """Proofs are missing for the band that was asked for; the fields say which."""

    kind = Kind.STATE
    reason = "PROOFS_MISSING"

    def __init__(self, fields: list[FieldError]) -> None:
        super().__init__("Bukti untuk tingkat verifikasi ini belum lengkap.", fields=fields)


class ConflictOfInterest(ServiceError):
    """An owner is a government employee, or another conflict is open."""

    kind = Kind.STATE
    reason = "CONFLICT_OF_INTEREST"

    def __init__(self) -> None:
        super().__init__("Ada benturan kepentingan yang belum selesai pada usaha ini.")


class StandingNotAllowed(ServiceError):
    """No such way from one standing to the other, or not for this role."""

    kind = Kind.STATE
    reason = "STANDING_NOT_ALLOWED"

    def __init__(self, current: str, wanted: str) -> None:
        super().__init__(
            f"Status usaha tidak dapat diubah dari {current} ke {wanted}.",
            metadata={"from": current, "to": wanted},
        )


class StandingRoleMissing(ServiceError):
    """The change of standing is there, but not for the caller's role."""

    kind = Kind.FORBIDDEN
    reason = "ROLE_MISSING"

    def __init__(self) -> None:
        super().__init__("Peran Anda tidak boleh mengubah status usaha dengan cara ini.")


class VendorNotOk(ServiceError):
    """The standing forbids this act."""

    kind = Kind.STATE
    reason = "VENDOR_NOT_OK"

    def __init__(self, standing: str) -> None:
        super().__init__(f"Status usaha adalah {standing}.", metadata={"standing": standing})


class VersionMismatch(ServiceError):
    """Somebody changed the business meanwhile; read again and retry."""

    kind = Kind.CONFLICT
    reason = "ETAG_MISMATCH"

    def __init__(self) -> None:
        super().__init__("Data sudah berubah. Muat ulang lalu coba lagi.")


class VerifiedFieldLocked(ServiceError):
    """A verified field is not changed by hand; it needs a new verification."""

    kind = Kind.STATE
    reason = "FIELD_VERIFIED"

    def __init__(self, names: list[str]) -> None:
        fields = [FieldError(name, "FIELD_VERIFIED", "Sudah diverifikasi.") for name in names]
        super().__init__("Data yang sudah diverifikasi tidak dapat diubah begitu saja.", fields=fields)


class GuestGrantNotFound(ServiceError):
    """No such guest grant."""

    kind = Kind.NOT_FOUND
    reason = "GUEST_GRANT_NOT_FOUND"

    def __init__(self) -> None:
        super().__init__("Izin penyedia tamu tidak ditemukan.")


class GuestGrantInvalid(ServiceError):
    """A guest grant to the home region, with dates the wrong way round, or for a business not verified."""

    reason = "GUEST_GRANT_INVALID"


class ImportNotFound(ServiceError):
    """No such import in this region."""

    kind = Kind.NOT_FOUND
    reason = "IMPORT_NOT_FOUND"

    def __init__(self) -> None:
        super().__init__("Impor tidak ditemukan.")


class ImportNotInState(ServiceError):
    """The import is not where this act needs it."""

    kind = Kind.STATE
    reason = "IMPORT_STATE"

    def __init__(self, state: str) -> None:
        super().__init__(f"Impor ini berstatus {state}.", metadata={"state": state})


class CommitRunning(ServiceError):
    """One commit at a time in a region."""

    kind = Kind.STATE
    reason = "COMMIT_RUNNING"

    def __init__(self) -> None:
        super().__init__("Impor lain di daerah ini sedang disimpan. Tunggu sampai selesai.")


class WorkbookRefused(ServiceError):
    """The file as a whole cannot be read; `reason` of the instance says why."""

    kind = Kind.INVALID
    reason: ClassVar[str] = "WORKBOOK_NOT_READABLE"

    def __init__(self, code: str, detail: str, columns_seen: list[str] | None = None) -> None:
        super().__init__(detail, extra={"columns_seen": columns_seen} if columns_seen else None)
        self.code = code
        self.columns_seen = columns_seen or []


class WorkbookEmpty(ServiceError):
    """Nothing was uploaded."""

    reason = "WORKBOOK_EMPTY"

    def __init__(self) -> None:
        super().__init__("Berkas kosong.")


class WorkbookTooLarge(ServiceError):
    """More bytes than an upload may have."""

    kind = Kind.INVALID
    reason = "BODY_TOO_LARGE"

    def __init__(self) -> None:
        super().__init__("Berkas melebihi 50 MiB.")


class FilterInvalid(ServiceError):
    """A filter of a list names something that does not exist."""

    reason = "FILTER_INVALID"

    def __init__(self, name: str) -> None:
        super().__init__("Saringan tidak dikenal.", fields=[FieldError(name, "FILTER_INVALID", "Nilai tidak dikenal.")])


class ParentInvalid(ServiceError):
    """A call that does not name a region."""

    reason = "PARENT_INVALID"

    def __init__(self) -> None:
        super().__init__("Sebutkan daerah sebagai regions/{kode}.", fields=[FieldError("parent", self.reason, "")])


class TooManyIds(ServiceError):
    """More businesses asked about at once than allowed."""

    reason = "TOO_MANY_IDS"

    def __init__(self) -> None:
        super().__init__("Paling banyak 200 usaha dalam satu permintaan.")


class QuestionInvalid(ServiceError):
    """A value or day that no order can have."""

    reason = "QUESTION_INVALID"

    def __init__(self, name: str) -> None:
        super().__init__("Permintaan tidak sah.", fields=[FieldError(name, self.reason, "Tidak sah.")])
