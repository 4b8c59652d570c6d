"""How personal data is stored, found, sealed anew and given to the person."""
