"""What was meant by a value or a name: dates, periods, other spellings, words spelled nearly so.

`similar_names` knows what is spelled much like a word, `date_mistakes` and `named_periods` what a
text that is no date stands for, `offered_dates` the days that may be offered, and `respelling` how
a value of any type would be written; `held_clause` is a clause beside what a schema says of it.
"""
