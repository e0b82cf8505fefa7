"""TOT: what Totango's survey says of the factors that shape pay."""
