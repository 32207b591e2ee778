"""What was selected → a file of another format, or the same.

From low to high: `writer` is what all have, `parts` are the files in which an output stands until
it is whole, `record_columns` makes columns of Arrow from records, `arrow_writer` and `writers`
write, `gathering` counts or orders what matches before that, `outputs` puts a file in its place
when it is whole, and `unwritable` says where what can't be written stands.
"""
