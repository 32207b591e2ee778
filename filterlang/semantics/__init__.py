"""What values are, what clauses ask of them, and the plain judge."""
