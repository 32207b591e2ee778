"""Other descriptions of records → the plain data that `Schema.from_dict` takes.

`json_schema` reads JSON Schemas and OpenAPI documents, `classes` reads Python classes, `samples`
counts what is in records. The first two put together what they find as `shapes`.
"""
