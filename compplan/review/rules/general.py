"""GEN: how many measures, how much on each, how much in reach, how much on top."""
