"""The casework under `/api/v1`: one module per subject, each a list of what can be asked and done.

A handler takes the envelope apart, calls one verb or one read, and puts what came back into an envelope. May never decide
about a case.
"""

from api.resources import calendars, cases, clocks, evidence, incidents, law, matters, people, tasks, urgency

BLUEPRINTS = (
    tasks.blueprint,
    cases.blueprint,
    clocks.blueprint,
    evidence.blueprint,
    matters.blueprint,
    people.blueprint,
    law.blueprint,
    urgency.blueprint,
    calendars.blueprint,
    incidents.blueprint,
)
