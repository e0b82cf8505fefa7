"""Where the files that come with the program lie: in a checkout beside the package, in a wheel inside it."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def shipped(*parts: str) -> Path:
    """Path of a file or folder that comes with the program.

    Parameters
    ----------
    *parts : str
        The way to it from the top of the checkout, a name at a time: ``"data", "roles.csv"``.

    Returns
    -------
    Path
        Absolute. In a checkout it lies beside the package, in an installed wheel in ``compplan/_shipped``;
        a checkout is told by its ``data/manifest.csv``. Whether the file is there is not looked at.

    Examples
    --------
    >>> shipped("data", "manifest.csv").is_file()
    True
    """
    checkout = _PACKAGE.parent
    top = checkout if (checkout / "data" / "manifest.csv").is_file() else _PACKAGE / "_shipped"
    return top.joinpath(*parts)
