"""Refusals before and at submission: the need, the money, the limits, the choice of the seller."""

from order_service.domain.errors.base import Kind, Refusal


class ChannelUnknown(Refusal):
    """The channel is none of `local`, `bela`, `inaproc`."""

    kind = Kind.INVALID
    reason = "CHANNEL_UNKNOWN"
    sentence = "Kanal pembelian tidak dikenal."


class ChannelClosed(Refusal):
    """The channel has no rule on that day: not yet open, or closed."""

    kind = Kind.STATE
    reason = "CHANNEL_CLOSED"
    sentence = "Kanal pembelian ini tidak berlaku pada tanggal tersebut."


class ChannelLimit(Refusal):
    """The value is above what the channel may carry."""

    kind = Kind.STATE
    reason = "CHANNEL_LIMIT"
    sentence = "Nilai pesanan melebihi batas kanal pembelian ini."


class ExternalNumberRequired(Refusal):
    """A number of SPSE or INAPROC is asked for and missing."""

    kind = Kind.STATE
    reason = "EXTERNAL_NUMBER_REQUIRED"
    sentence = "Nomor pencatatan SPSE/INAPROC wajib diisi untuk nilai ini."


class HpsRequired(Refusal):
    """Above the limit a HPS must exist."""

    kind = Kind.STATE
    reason = "HPS_REQUIRED"
    sentence = "Nilai ini memerlukan Harga Perkiraan Sendiri (HPS)."


class HpsExceeded(Refusal):
    """The price is above the HPS."""

    kind = Kind.STATE
    reason = "HPS_EXCEEDED"
    sentence = "Harga melebihi Harga Perkiraan Sendiri (HPS)."


class ActorLimit(Refusal):
    """Above the limit of the procurement officer."""

    kind = Kind.STATE
    reason = "ACTOR_LIMIT"
    sentence = "Nilai ini di atas batas Pejabat Pengadaan."


class PokjaRequired(Refusal):
    """Above the limit the selection group must have recorded its outcome in a plan."""

    kind = Kind.STATE
    reason = "POKJA_REQUIRED"
    sentence = "Nilai ini harus dipilih oleh Pokja Pemilihan dan dicatat dalam rencana."


class UmkmFirst(Refusal):
    """The region buys from small businesses first below a value."""

    kind = Kind.STATE
    reason = "UMKM_FIRST"
    sentence = "Di bawah nilai yang ditetapkan daerah, pembelian wajib kepada UMKM atau koperasi."


class BandTooLow(Refusal):
    """The seller's verification band does not reach the value."""

    kind = Kind.STATE
    reason = "BAND_TOO_LOW"
    sentence = "Verifikasi penyedia belum cukup untuk nilai pesanan ini."


class VendorNotActive(Refusal):
    """The seller may not receive new orders now."""

    kind = Kind.STATE
    reason = "VENDOR_NOT_ACTIVE"
    sentence = "Penyedia ini sedang tidak dapat menerima pesanan baru."


class ConflictOfInterest(Refusal):
    """An officer stands on both sides, or an employee owns the business."""

    kind = Kind.FORBIDDEN
    reason = "CONFLICT_OF_INTEREST"
    sentence = "Ada benturan kepentingan dengan penyedia ini."


class LeadTooShort(Refusal):
    """Less time is left than the seller's lead time plus one hour."""

    kind = Kind.STATE
    reason = "LEAD_TOO_SHORT"
    sentence = "Waktu menuju kebutuhan terlalu pendek bagi penyedia ini."


class CapacityGone(Refusal):
    """The hold on the seller's capacity lapsed before the step."""

    kind = Kind.STATE
    reason = "CAPACITY_GONE"
    sentence = "Kapasitas penyedia untuk waktu tersebut sudah tidak tersedia."


class TooManyUnsigned(Refusal):
    """The budget holder has as many unsigned orders as it may have."""

    kind = Kind.LIMIT
    reason = "TOO_MANY_UNSIGNED"
    sentence = "Terlalu banyak pesanan yang belum ditandatangani pada pengguna anggaran ini."


class RupExceeded(Refusal):
    """All orders on one RUP code together would be above the package."""

    kind = Kind.STATE
    reason = "RUP_EXCEEDED"
    sentence = "Jumlah pesanan melebihi nilai paket RUP."


class RotationLimit(Refusal):
    """The same seller was chosen too often in a row; names sellers able to serve this need."""

    kind = Kind.STATE
    reason = "ROTATION_LIMIT"
    sentence = "Penyedia ini sudah dipilih berturut-turut sampai batas; pilih penyedia lain lebih dahulu."


class SplittingReasonRequired(Refusal):
    """The orders look like one package above a limit; a reason is asked for."""

    kind = Kind.STATE
    reason = "SPLITTING_REASON_REQUIRED"
    sentence = "Pesanan ini dan pesanan sebelumnya tampak sebagai satu paket; tuliskan alasannya."


class SplittingBlocked(Refusal):
    """The orders look like one package above the limit of the method; only an approved override passes."""

    kind = Kind.STATE
    reason = "SPLITTING_BLOCKED"
    sentence = "Pesanan ini dan pesanan sebelumnya tampak sebagai paket yang dipecah; perlu persetujuan KPA/PA."


class ChoiceReasonRequired(Refusal):
    """A seller ranked below the third was chosen without a reason."""

    kind = Kind.INVALID
    reason = "CHOICE_REASON_REQUIRED"
    sentence = "Penyedia yang dipilih berada di bawah peringkat tiga; pilih alasannya."


class OverrideInvalid(Refusal):
    """An override without a known reason code, or `other` without words."""

    kind = Kind.INVALID
    reason = "OVERRIDE_INVALID"
    sentence = "Alasan penyimpangan tidak dikenal atau belum ditulis."


class OverrideApprovalRequired(Refusal):
    """An override that KPA or PA must approve."""

    kind = Kind.FORBIDDEN
    reason = "OVERRIDE_APPROVAL_REQUIRED"
    sentence = "Penyimpangan ini perlu persetujuan KPA, atau PA bila diajukan oleh KPA."


class LateRecordingRefused(Refusal):
    """A late recording outside its limits."""

    kind = Kind.STATE
    reason = "LATE_RECORDING_REFUSED"
    sentence = "Pembelian ini tidak memenuhi syarat catat susulan."


class ShortPathLimit(Refusal):
    """The short path is for small purchases."""

    kind = Kind.STATE
    reason = "SHORT_PATH_LIMIT"
    sentence = "Jalur singkat hanya untuk pembelian sampai batas nota."


class LinesInvalid(Refusal):
    """The lines do not fit together: none, two sellers, or a sum that is not the total."""

    kind = Kind.INVALID
    reason = "LINES_INVALID"
    sentence = "Baris pesanan tidak sesuai."
