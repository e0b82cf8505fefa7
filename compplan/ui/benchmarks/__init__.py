"""Benchmarks: market ranges, people against them, surveys."""
