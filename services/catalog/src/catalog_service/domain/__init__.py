"""Rules of the catalog: pure, without I/O."""
