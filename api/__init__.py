"""How the outside reaches the casework over HTTP: resources, identity, unit of work, problems.

May never decide about a case: a handler takes the envelope apart, calls one verb, and puts the answer into an envelope.

One command, from the outside in: `identity` says who asks, `bodies` reads what was sent, `commands` opens the one
transaction through `unit_of_work`, a verb of `workflows` does it, `idempotency` keeps the answer beside it, and `problems`
turns whatever was refused into a document a machine and a person can read.
"""
