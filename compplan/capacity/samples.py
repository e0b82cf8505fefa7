"""A sample file of accounts: invented books, as untidy as real files."""

from __future__ import annotations

from compplan.shipped import shipped


def sample_accounts() -> bytes:
    """Return the content of a sample file of accounts, all of them invented.

    Returns
    -------
    bytes
        CSV for `read_accounts`: forty accounts of four owners, one of nobody, and three rows that are set aside.

    Examples
    --------
    >>> from compplan.capacity import read_accounts
    >>> read_accounts(sample_accounts(), "accounts.csv")
    AccountsReading(41 accounts of 45 rows, 6 notes)
    """
    return shipped("data", "samples", "accounts.csv").read_bytes()
