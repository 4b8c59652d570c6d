"""Lists of businesses, fast however large the register is."""
