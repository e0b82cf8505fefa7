"""FIN: what accountants will ask."""
