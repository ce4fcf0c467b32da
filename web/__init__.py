"""What a person sees: pages, their words and their pictures.

`page_values` says what each page shows, `presentation` how it is worded, `pictures` draws, `templates/` prints,
`assets/` is what the browser loads. Nothing here decides about a case: who may do what, and what is due when, arrives
as a value.
"""
