"""How a diagram moves and how time is counted.

Pure: text and plain values in, frozen values out. The only room that knows SpiffWorkflow, CEL and DMN. It may never import
flask, sqlalchemy or apscheduler, and never reads a clock, a file or the environment while it moves tokens.
"""
