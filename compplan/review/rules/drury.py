"""DRU: what Russ Drury says of each element, for and against."""
