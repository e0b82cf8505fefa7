"""What goes wrong with a capacity model."""

from compplan.errors import CompPlanError


class CapacityError(CompPlanError):
    """Hours, tiers or books that cannot be reckoned with."""
