"""The error that access settings raise."""

from __future__ import annotations

from compplan.errors import CompPlanError


class AccessError(CompPlanError):
    """Sign-in settings or a listen address that cannot be used."""
