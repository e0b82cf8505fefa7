"""What the server runs in: its team and store, sign-in, signed passes, security headers.

Belongs here: what guards every page, and the sign-in page.
Does not belong here: other pages, rights and roles (`compplan.access`).
"""
