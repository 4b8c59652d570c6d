"""Reports as functions: what a page shows, worked out from rows that a port delivers."""
