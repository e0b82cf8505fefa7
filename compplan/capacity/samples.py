"""A sample file of invented accounts, with the kinds of errors that real files have."""

from __future__ import annotations

from compplan.shipped import shipped


def sample_accounts() -> bytes:
    """Return the content of a sample file of accounts; every account and owner is invented.

    Returns
    -------
    bytes
        CSV for `read_accounts`: 40 accounts of four owners, one account without an owner, and rows that are skipped.

    Examples
    --------
    >>> from compplan.capacity import read_accounts
    >>> read_accounts(sample_accounts(), "accounts.csv")
    AccountsReading(41 accounts of 45 rows, 6 notes)
    """
    return shipped("data", "samples", "accounts.csv").read_bytes()
