"""Filters as fast functions of records."""
