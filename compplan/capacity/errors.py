"""The error of the capacity package."""

from compplan.errors import CompPlanError


class CapacityError(CompPlanError):
    """Hours, tiers, books or account files that can't be used."""
