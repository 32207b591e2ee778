"""Filters and the storage of columns: what an engine is asked, whichever it is."""
