"""Capacity: hours, books of accounts, people needed."""
