"""POL: what the plan document has to settle."""
