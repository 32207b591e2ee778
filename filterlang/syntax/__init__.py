"""The written form: text, query strings and JSON, each the exact inverse of another."""
