"""Saved plans: open, save, share, export, versions."""
