"""The Cost page: what a plan costs, month by month and person by person, and how far that may vary.

Belongs here: what only this page and the page of a share link show.
Does not belong here: costs (`compplan.cost`), the people file of a session (`compplan.ui.people`).
"""
