"""The import of a spreadsheet, from upload to commit."""
