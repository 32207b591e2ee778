"""What follows from filters, whatever the record."""
