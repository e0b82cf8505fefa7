"""What goes wrong where access is set up."""

from __future__ import annotations

from compplan.errors import CompPlanError


class AccessError(CompPlanError):
    """The configuration of sign-in cannot be used."""
