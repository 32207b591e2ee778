"""Many saved filters, and one record at a time.

From low to high: `facts` says what a record holds under a name, `lookups` what conditions ask of
facts and what finds them; `shares` estimates how selective they are, `tables` are where filters
stand by their conditions; `look` is one record and what was found out about it, `buckets` are the
nodes that filters are put into, `search` is a record's way through them, and `filter_index` is the
public object.
"""
