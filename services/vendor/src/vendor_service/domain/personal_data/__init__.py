"""Personal data under UU 27/2022: masks, consent, requests of the person, and what erasure must keep."""
