"""What other languages write, and the filters that say the same: SQL, RSQL, code, JSON, prose.

From low to high: parts of texts (`bracketed_text`, `text_patterns`, `joined_values`, …), signs and
words for one operator (`other_languages`, `negations`, `operator_in_name`, `word_operators`), whole
terms and conditions of search boxes and programs (`colon_terms`, `program_terms`, `keyed_values`,
…), and what joins several clauses (`join_mistakes`, `negated_groups`, `joined_words`).
"""
