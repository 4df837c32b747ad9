"""Tables other than the project ledger: one engine, one ``TableKind`` of data per kind of table."""
