"""OWN: who owns renewals and growth, and whose result is paid."""
