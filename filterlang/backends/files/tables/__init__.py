"""Parquet, Arrow, Feather, ORC and Avro → batches of columns, and the verdicts on them.

From low to high: `avro_schema`, `parquet_types` and `held_types` are about types, `row_groups`,
`orc` and `read_by_polars` read what pyarrow can't or too much of; `columns` and `avro` read batches
and blocks, `judging` and `counting` ask polars which rows match, `table_schemas` knows columns
before anything is read, and `json_columns` writes whole columns as lines of JSON.
"""
