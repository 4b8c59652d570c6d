"""Operations on personal data: keys, consent, requests of the person, who looked."""
