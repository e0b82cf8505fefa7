"""What surrounds every page: the server, the frame script, header and theme.

Belongs here: what knows every page folder.
Does not belong here: anything that a page folder imports.
"""
