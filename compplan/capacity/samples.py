"""A file of accounts to try with: invented books, with the mess that real files have."""

from __future__ import annotations

from compplan.shipped import shipped


def sample_accounts() -> bytes:
    """The content of a file of accounts in which nobody and nothing exists.

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
