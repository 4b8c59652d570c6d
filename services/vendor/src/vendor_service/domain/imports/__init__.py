"""Reading a regency's spreadsheet: from cells to rows with a verdict each; one bad row never stops another."""
