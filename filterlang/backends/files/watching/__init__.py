"""What is seen while records are read, and told at the end: what was hardly meant as it stands.

`sought` looks for names that lead nowhere, `headers` and `lacking_tables` for tables without them,
`unholdable_names` for names that no filter can hold; `mistyped` and `suspects` look for values of
another type than a clause asks for, for which `type_remedies` knows what helps, `empty_texts` for
those that come before all others, `json_cells` for texts that hold JSON, and `order_of_values` for
values without an order; `watch` shows them what is read, and `first_columns` keeps the columns for
an output without rows.
"""
