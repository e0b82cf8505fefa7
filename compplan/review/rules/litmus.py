"""LIT: three questions to ask before every quarter."""
