"""Lists that businesses are screened against: employees of the region, and the national Daftar Hitam."""
