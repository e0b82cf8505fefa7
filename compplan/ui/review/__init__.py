"""The Review page: findings of the rule book, their fixes, and the questions that rules ask.

Belongs here: what only this page shows. The review itself is in `compplan.review`; what other pages share of it is in
`compplan.ui.reviews` and `compplan.ui.widgets.findings`.
"""
