"""Measures of this machine with this product, each with the machine's own floor taken in the same run.

Each public module is one measure: `run` works in a database of its own, or in none, and gives a mapping of names to values.
May never touch the database of an installation, and never tells a number without its floor.
"""
