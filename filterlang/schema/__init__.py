"""What records hold: schemas, what they are made from, and clauses bound to them."""
