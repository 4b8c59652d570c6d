"""Refusals of the budget lines."""

from order_service.domain.errors.base import Kind, Refusal


class BudgetExceeded(Refusal):
    """There is less room on the line than the order needs."""

    kind = Kind.STATE
    reason = "BUDGET_EXCEEDED"
    sentence = "Sisa anggaran pada baris ini tidak cukup."


class BudgetOvercommitted(Refusal):
    """The ceiling was lowered below the use; nothing new may be reserved."""

    kind = Kind.STATE
    reason = "BUDGET_OVERCOMMITTED"
    sentence = "Pagu baris ini sudah di bawah pemakaian; pemesanan baru ditutup."


class BudgetYearClosed(Refusal):
    """The fiscal year is over, or past the region's cut-off for new orders."""

    kind = Kind.STATE
    reason = "BUDGET_YEAR_CLOSED"
    sentence = "Tahun anggaran baris ini tidak menerima pesanan baru."


class BudgetBucketNegative(Refusal):
    """A movement would take more out of a bucket than is in it."""

    kind = Kind.STATE
    reason = "BUDGET_BUCKET_NEGATIVE"
    sentence = "Perpindahan anggaran melebihi isi pos."


class BudgetSplitInvalid(Refusal):
    """The shares of the budget lines do not add up to the order, or name a line twice."""

    kind = Kind.INVALID
    reason = "BUDGET_SPLIT_INVALID"
    sentence = "Pembagian ke baris anggaran tidak sama dengan nilai pesanan."
