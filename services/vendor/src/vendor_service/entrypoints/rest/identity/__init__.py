"""Operations on certificates, KBLI and members of a koperasi."""
