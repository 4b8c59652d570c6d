"""Refusals between the seller's yes and the last rupiah: delivery, inspection, BAST, invoice, payment, tax proof."""

from order_service.domain.errors.base import Kind, Refusal


class DeliveryQuantity(Refusal):
    """More is delivered than is still owed, or nothing at all."""

    kind = Kind.INVALID
    reason = "DELIVERY_QUANTITY"
    sentence = "Jumlah yang dikirim tidak sesuai dengan sisa pesanan."


class DeliveryUnknown(Refusal):
    """The order has no such delivery."""

    kind = Kind.NOT_FOUND
    reason = "DELIVERY_UNKNOWN"
    sentence = "Pengiriman tidak ditemukan pada pesanan ini."


class DeliveryNotAllowedNow(Refusal):
    """The delivery is not at the step that the act needs."""

    kind = Kind.STATE
    reason = "DELIVERY_STATE"
    sentence = "Tindakan ini tidak sesuai dengan tahap pengiriman."


class InspectionQuantity(Refusal):
    """Good, short, damaged and wrong do not add up to what the delivery note says."""

    kind = Kind.INVALID
    reason = "INSPECTION_QUANTITY"
    sentence = "Jumlah baik, kurang, rusak, dan salah harus sama dengan jumlah pada surat jalan."


class NothingGood(Refusal):
    """A BAST needs at least one good unit."""

    kind = Kind.STATE
    reason = "NOTHING_GOOD"
    sentence = "Tidak ada barang baik yang dapat diserahterimakan."


class InvoiceAmount(Refusal):
    """The invoice differs from the value handed over."""

    kind = Kind.INVALID
    reason = "INVOICE_AMOUNT"
    sentence = "Nilai tagihan harus sama dengan nilai BAST."


class InvoiceReturnedBefore(Refusal):
    """An invoice is returned once, within three working days."""

    kind = Kind.STATE
    reason = "INVOICE_RETURN_OVER"
    sentence = "Tagihan hanya dapat dikembalikan satu kali dalam tiga hari kerja."


class PayoutHeld(Refusal):
    """The seller's bank account waits for its check."""

    kind = Kind.STATE
    reason = "PAYOUT_HELD"
    sentence = "Rekening penyedia sedang diperiksa; pembayaran ditahan."


class TaxCheckRequired(Refusal):
    """The tax number is unknown or a choice is open; the treasurer must settle it first."""

    kind = Kind.STATE
    reason = "TAX_CHECK_REQUIRED"
    sentence = "Status NPWP penyedia belum diperiksa; bendahara harus memastikan tarif lebih dahulu."


class TaxMismatch(Refusal):
    """The computed taxes do not belong to the value being paid."""

    kind = Kind.INVALID
    reason = "TAX_MISMATCH"
    sentence = "Rincian pajak tidak sesuai dengan nilai yang dibayar."


class LateFeeAboveLimit(Refusal):
    """More is kept back for lateness than the delivery's late days allow."""

    kind = Kind.INVALID
    reason = "LATE_FEE_ABOVE_LIMIT"
    sentence = "Denda keterlambatan melebihi batas."


class TaxProofInvalid(Refusal):
    """A proof without number or for a tax that was not withheld."""

    kind = Kind.INVALID
    reason = "TAX_PROOF_INVALID"
    sentence = "Bukti potong/pungut atau NTPN tidak sesuai."


class HeadcountChangeRefused(Refusal):
    """A change of quantity outside 10 percent, too late, or twice at a time."""

    kind = Kind.STATE
    reason = "HEADCOUNT_CHANGE_REFUSED"
    sentence = "Perubahan jumlah paling banyak 10 persen dan sebelum batas persiapan penyedia."


class PolicyMissing(Refusal):
    """No rule is in force for the code on that day."""

    kind = Kind.STATE
    reason = "POLICY_MISSING"
    sentence = "Aturan untuk tanggal tersebut tidak tersedia."
