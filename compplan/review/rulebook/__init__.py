"""The rules of the review, one module a family, in the order of the rule book."""
