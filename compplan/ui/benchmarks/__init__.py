"""The Benchmarks page: market pay by role, people compared with it, surveys, states, ladder and job postings.

Belongs here: what only this page shows.
Does not belong here: market figures (`compplan.benchmarks`), the people file of a session (`compplan.ui.people`).
"""
