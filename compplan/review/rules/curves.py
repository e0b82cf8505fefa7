"""CUR: the shape of payout curves, as far as it can be told without knowing how results scatter."""
