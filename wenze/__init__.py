"""The application: settings, application, clock, command line. The only room that joins the others.

May never hold a rule: neither about a case, nor about HTTP, nor about the look.
"""
