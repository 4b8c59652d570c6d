"""Use cases of certificates, KBLI and members of a koperasi."""
