"""Reading what people type: mistakes, doubts, what a schema says, and completion."""
