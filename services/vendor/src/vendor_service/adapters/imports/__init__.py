"""What imports keep beside their rows."""
