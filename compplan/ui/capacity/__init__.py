"""The Capacity page: hours per account, people needed, books of business and accounts to move.

Belongs here: what only this page shows.
Does not belong here: the model (`compplan.capacity`), answers for the review (`compplan.ui.review_state`).
"""
