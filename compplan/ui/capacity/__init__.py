"""The Capacity page: hours per account, people needed, books of business and accounts to move.

Belongs here: what only this page shows. The model is in `compplan.capacity`; answers for the review go through
`compplan.ui.reviews`.
"""
