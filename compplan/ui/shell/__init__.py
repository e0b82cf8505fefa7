"""What surrounds every page: the server, the frame script, header and theme.

The shell knows every page folder; no page folder imports it.
"""
