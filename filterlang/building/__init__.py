"""Filters made of values."""
