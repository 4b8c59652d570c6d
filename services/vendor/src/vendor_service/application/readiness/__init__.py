"""Use cases of readiness for INAPROC and of the seller's checklist."""
