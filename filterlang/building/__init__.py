"""Filters made of Python values."""
