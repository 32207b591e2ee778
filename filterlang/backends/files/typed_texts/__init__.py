"""Values that are written as texts: which they are, which are nearly, and how they are written.

`written_types` knows the spellings of numbers and dates, `date_texts` those whose order is that of
dates, and `other_spellings` the texts that differ from what is asked by their spelling alone;
`texts` writes values for JSON and CSV, and `exact_times` those of times with more digits than
Python's have.
"""
