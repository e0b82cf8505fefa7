"""Review: findings of the rule book and the questions it asks."""
