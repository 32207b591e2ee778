"""What the grammar refuses in a name, an operator or an expression, and what to write instead.

`syntax_errors` has the table of those who look, in the order in which they are asked.
"""
