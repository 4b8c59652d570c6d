"""Refusals about programmes."""

from bela_kit.core.errors import FieldError, Kind, ServiceError


class ProgrammeNotFound(ServiceError):
    """No such programme in this region."""

    kind = Kind.NOT_FOUND
    reason = "PROGRAMME_NOT_FOUND"

    def __init__(self) -> None:
        super().__init__("Program tidak ditemukan.")


class SessionNotFound(ServiceError):
    """No such session in this programme."""

    kind = Kind.NOT_FOUND
    reason = "SESSION_NOT_FOUND"

    def __init__(self) -> None:
        super().__init__("Pertemuan tidak ditemukan dalam program ini.")


class InvitationNotFound(ServiceError):
    """The business is not invited to this session."""

    kind = Kind.NOT_FOUND
    reason = "INVITATION_NOT_FOUND"

    def __init__(self) -> None:
        super().__init__("Usaha ini tidak diundang ke pertemuan tersebut.")


class ProgrammeInvalid(ServiceError):
    """Fields of a programme or a session that cannot be taken as they are."""

    reason = "PROGRAMME_INVALID"

    def __init__(self, fields: list[FieldError]) -> None:
        super().__init__("Data program atau pertemuan belum benar.", fields=fields)


class SessionCancelled(ServiceError):
    """The session does not take place."""

    kind = Kind.STATE
    reason = "SESSION_CANCELLED"

    def __init__(self) -> None:
        super().__init__("Pertemuan ini dibatalkan.")


class SessionOver(ServiceError):
    """The day of the session has passed."""

    kind = Kind.STATE
    reason = "SESSION_OVER"

    def __init__(self) -> None:
        super().__init__("Hari pertemuan ini sudah lewat.")


class SessionNotHeldYet(ServiceError):
    """Nobody has attended what lies in the future."""

    kind = Kind.STATE
    reason = "SESSION_NOT_HELD_YET"

    def __init__(self) -> None:
        super().__init__("Kehadiran baru dapat dicatat pada hari pertemuan.")


class SessionFull(ServiceError):
    """As many have confirmed as the room holds."""

    kind = Kind.STATE
    reason = "SESSION_FULL"

    def __init__(self) -> None:
        super().__init__("Tempat pada pertemuan ini sudah penuh.")


class SessionAttended(ServiceError):
    """Somebody's attendance rests on this session, so its day stays and it cannot be called off."""

    kind = Kind.STATE
    reason = "SESSION_ATTENDED"

    def __init__(self) -> None:
        super().__init__("Kehadiran sudah dicatat; tanggal dan keberadaan pertemuan ini tetap.")


class TooManyInvited(ServiceError):
    """A filter fits more businesses than one invitation may reach."""

    kind = Kind.INVALID
    reason = "TOO_MANY_INVITED"

    def __init__(self, most: int) -> None:
        super().__init__(
            f"Saringan menjangkau lebih dari {most} usaha; persempit kecamatan atau produk.",
            fields=[FieldError("filter", self.reason, f"Paling banyak {most} usaha.")],
        )
