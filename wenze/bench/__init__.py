"""Measures of this machine with this product, each with the machine's own floor taken in the same run.

Each public module is one measure: `run` makes a database of its own, works in it and gives one flat mapping of names to
values. May never touch the database of an installation, and never tells a number without its floor.
"""
