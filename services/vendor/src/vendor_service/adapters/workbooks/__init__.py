"""Reading strangers' files, in a process that may die of them."""
