"""Cost: what a plan costs a company."""
