"""Changes of the tables, in order, for SQLite and PostgreSQL alike. `wenze.schema` runs them."""
