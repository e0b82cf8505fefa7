"""TSI: what TSIA's guide says of charters, segments and maturity."""
