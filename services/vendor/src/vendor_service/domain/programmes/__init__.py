"""Training and mentoring: programmes, their sessions, who was invited, who came, what it led to."""
