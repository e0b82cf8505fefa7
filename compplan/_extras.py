"""Optional dependencies: what is missing is said with the extra that installs it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from types import ModuleType

# Module: the extra of compplan that installs it.
EXTRAS = {
    "pandas": "scale",
    "pyarrow": "scale",
    "python_calamine": "scale",
    "scipy": "scale",
    "xlsxwriter": "documents",
    "alembic": "app",
    "plotly": "app",
    "sqlalchemy": "app",
    "starlette": "app",
    "streamlit": "app",
    "authlib": "team",
    "httpx2": "team",
    "psycopg": "team",
}
_MACHINERY = ("importlib.", "_frozen_importlib")


class _MissingExtraFinder:
    """Comes after every other finder: refuses what a module of compplan imports and an extra would have installed."""

    @staticmethod
    def find_spec(name: str, path: Sequence[str] | None = None, target: ModuleType | None = None) -> None:
        """Raise a `MissingExtraError` where compplan imports a dependency that is not installed."""
        del path, target
        if name not in EXTRAS:
            return
        frame = sys._getframe(1)  # pyright: ignore[reportPrivateUsage]
        while frame is not None and frame.f_globals.get("__name__", "").startswith(_MACHINERY):
            frame = frame.f_back
        if frame is None or frame.f_globals.get("__name__", "").partition(".")[0] != "compplan":
            return
        from compplan.errors import MissingExtraError

        raise MissingExtraError(name, EXTRAS[name])


def install() -> None:
    """Let the import system name the extra of a missing dependency."""
    if _MissingExtraFinder not in sys.meta_path:
        sys.meta_path.append(_MissingExtraFinder)  # pyright: ignore[reportArgumentType]
