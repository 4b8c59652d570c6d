"""How far a business is from selling on INAPROC, and what it does next, in words its owner understands."""
