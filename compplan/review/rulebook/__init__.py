"""The rules of the review, grouped by source and concept. The catalog imports every module in this package.

Belongs here: one function per rule, and the helpers of its module.
Does not belong here: thresholds (``data/review_limits.csv``) and anything that several families share (`subject`).
"""
