"""The Designer page: the controls of a plan, what it pays, and the answers while a slider moves.

Belongs here: what only this page shows.
Does not belong here: the edited plan (`compplan.ui.session`), what other pages show too (`compplan.ui.widgets`).
"""
