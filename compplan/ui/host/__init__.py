"""What the server runs in: its team and store, sign-in, signed passes, security headers.

Nothing here draws a page, except the sign-in page. Rights and roles themselves are compplan.access.
"""
