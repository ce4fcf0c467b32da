"""`python -m wenze` is the command `wenze`."""

from wenze.cli import main

main()
