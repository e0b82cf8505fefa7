"""Locations of the files that ship with compplan: beside the package in a checkout, inside it in a wheel."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def shipped(*parts: str) -> Path:
    """Path of a file or folder that ships with compplan.

    Parameters
    ----------
    *parts : str
        Names from the top of the checkout, such as ``"data", "roles.csv"``.

    Returns
    -------
    Path
        Absolute; it need not exist. Beside the package in a checkout, which has a ``data/manifest.csv``, and in
        ``compplan/_shipped`` in an installed wheel.

    Examples
    --------
    >>> shipped("data", "manifest.csv").is_file()
    True
    """
    checkout = _PACKAGE.parent
    top = checkout if (checkout / "data" / "manifest.csv").is_file() else _PACKAGE / "_shipped"
    return top.joinpath(*parts)
