"""Tables of the read models and the SQL that reads them."""
