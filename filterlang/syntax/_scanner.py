"""Derived from the grammar by `filterlang.syntax.parser.scanner_source`, not by hand.

A test says so when the grammar has changed. `python -m tests.tools.write_scanner` writes it anew.
"""

COMPACT = (
    "((?>[^ =!<>~;,\\\\.\x00-\x1f\x7f-\x9f\ud800-\udfff]+(?:\\.[^ =!<>"
    "~;,\\\\.\x00-\x1f\x7f-\x9f\ud800-\udfff]+)*))((?>==|!=|~|!~|=@|<"
    "=?|>=?))((?! )[^;,\\\\\x00-\x1f\x7f-\x9f\ud800-\udfff]*+(?:\\\\[\\\\"
    ",;*? =][^;,\\\\\x00-\x1f\x7f-\x9f\ud800-\udfff]*+)*+(?<! ))(?:;|"
    "\\Z)|(.+)"
)

SPACED = (
    "(?: +)?+((?>[^ =!<>~;,\\\\.\x00-\x1f\x7f-\x9f\ud800-\udfff]+(?: "
    "+[^ =!<>~;,\\\\.\x00-\x1f\x7f-\x9f\ud800-\udfff]+)*(?:(?: +)?\\.("
    "?: +)?[^ =!<>~;,\\\\.\x00-\x1f\x7f-\x9f\ud800-\udfff]+(?: +[^ =!"
    "<>~;,\\\\.\x00-\x1f\x7f-\x9f\ud800-\udfff]+)*)*))(?: +)?+((?>==|"
    "!=|~|!~|=@|<=?|>=?))(?: +)?+((?>(?:(?:\\\\"
    "[\\\\,;*? =](?:[^ ;,\\\\\x00-\x1f\x7f-\x9f\ud800-\udfff]+)?)+|[^ ;"
    ",\\\\\x00-\x1f\x7f-\x9f\ud800-\udfff]+(?:\\\\[\\\\,;*? =](?:[^ ;,\\\\\x00"
    "-\x1f\x7f-\x9f\ud800-\udfff]+)?)*)(?: +(?:(?:\\\\[\\\\,;*? =](?"
    ":[^ ;,\\\\\x00-\x1f\x7f-\x9f\ud800-\udfff]+)?)+|[^ ;,\\\\\x00-\x1f\x7f-\x9f\ud800-\udfff"
    "]+(?:\\\\[\\\\,;*? =](?:[^ ;,\\\\\x00-\x1f\x7f-\x9f\ud800-\udfff]+)?"
    ")*))*)?+)(?: +)?+(?:;(?: +)?+\\Z|;|\\Z)|(."
    "+)"
)
