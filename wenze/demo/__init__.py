"""The procedure shown at work: published cases walked through the HTTP API by an invented organ.

What was published about an act of enforcement stands in `cases/`, in our own words and without the name of any place; who
handles it here, and what they decide, is invented. May never decide, count or write what the API does not: it is a client like
any other, and the clock it moves is the only thing it has that others have not.
"""
