"""The mark that some programs write before texts in Unicode."""

from __future__ import annotations

BOM = "\ufeff"
"""It stands here alone, so that who reads lines loads nothing of what unpacks files."""

BOM_IN_UTF8 = BOM.encode()
