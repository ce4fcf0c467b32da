"""What an accountability case is: people, rules, verbs, deadlines, ledger, tables.

May never import flask, flask_sqlalchemy or apscheduler, and never commits: whoever calls a verb owns the transaction.
"""
