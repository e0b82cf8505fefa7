"""Designer: the plan's controls and what it pays."""
