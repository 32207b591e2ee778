"""Many saved filters, and one record at a time."""
