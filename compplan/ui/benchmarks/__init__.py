"""The Benchmarks page: market pay by role, people compared with it, surveys, states, ladder and job postings.

Belongs here: what only this page shows. Market figures are in `compplan.benchmarks`, the people file of a session in
`compplan.ui.people`.
"""
