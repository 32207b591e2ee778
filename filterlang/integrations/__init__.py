"""Parameter types for other libraries, one module each, which imports its library.

`request_bodies` reads what is sent to the applications of this library.
"""
