"""What imports and exports carry between rows and businesses, and how it is taken back."""
