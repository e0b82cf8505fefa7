"""The Review page: findings of the rule book, their fixes, and the questions that rules ask.

Belongs here: what only this page shows.
Does not belong here: the review itself (`compplan.review`), what other pages share of it (`compplan.ui.review_state`,
`compplan.ui.widgets.findings`).
"""
