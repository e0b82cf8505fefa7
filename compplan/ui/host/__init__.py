"""The machine that serves the pages: settings, sign-in, security headers."""
