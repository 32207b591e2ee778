"""Nodes → other engines than this library's own matcher, one module a target."""
