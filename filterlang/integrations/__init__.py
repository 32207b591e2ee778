"""Parameter types for other libraries, one module each; a module imports its library."""
