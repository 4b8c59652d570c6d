"""What a business in the register is and what may happen to it: rules only, no input or output."""
