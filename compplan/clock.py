"""Today's date."""

from __future__ import annotations

import datetime as dt


def utc_today() -> dt.date:
    """Today's date in UTC, which reviews, exports, quarters, plan years and versions in force use."""
    return dt.datetime.now(dt.UTC).date()
