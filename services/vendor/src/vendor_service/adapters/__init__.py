"""How the register reaches the database, files and spreadsheets."""
