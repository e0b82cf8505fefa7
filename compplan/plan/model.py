"""`Plan`: the one definition of what a plan is, and the ways to read, write and change it."""

from __future__ import annotations

import copy
import functools
import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

from pydantic import model_validator

from compplan.errors import PlanError, Problem, expect
from compplan.models import refuse_all
from compplan.plan import files, paths, validation
from compplan.plan.fields import PlanFields
from compplan.plan.parts import (
    About,
    Caps,
    Component,
    Effective,
    Gate,
    Kicker,
    Modifier,
    Otherwise,
    Pay,
    Rounding,
)

__all__ = [
    "About", "Caps", "Component", "Effective", "Gate", "Kicker", "Modifier", "Otherwise", "Pay", "Plan", "Rounding",
]  # fmt: skip

_START = "Start from a template: `compplan new KEY`."


class Plan(PlanFields):
    """A compensation plan.

    Read one with `load`, `from_yaml`, `from_json` or `from_dict`: they raise `PlanError` with every problem by
    its place. A plan cannot be changed; `edit` gives a new one, checked again.

    Examples
    --------
    >>> plan = Plan.from_yaml('''
    ... compplan: 1
    ... name: Retention only
    ... role: csm
    ... segment: mid_market
    ... currency: USD
    ... pay: {base: 80000, variable: 20000}
    ... components:
    ...   - measure: grr
    ...     weight: 1
    ...     target: 0.92
    ...     curve: {kind: linear, points: [[0.86, 0.5], [0.92, 1.0], [0.97, 1.8]]}
    ... ''')
    >>> plan.pay.ote, plan.periods
    (100000.0, 4)
    >>> plan.edit({"components[0].target": 0.9}).components[0].target
    0.9
    """

    @model_validator(mode="after")
    def _sound(self) -> Self:
        refuse_all(validation.problems_of(self))
        return self

    # Reading and writing

    @classmethod
    def from_dict(cls, data: Any) -> Self:
        """Check plain data and make a plan of it.

        Raises
        ------
        PlanError
            With every problem and its place.
        """
        return cls.model_validate(data)

    @classmethod
    def from_yaml(cls, text: str) -> Self:
        """Read a plan from YAML; repeated keys and aliases are refused.

        Raises
        ------
        PlanError
        """
        return cls.from_dict(files.read_yaml(expect(text, str, "text", "YAML text", PlanError)))

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read a plan from JSON; repeated keys are refused.

        Raises
        ------
        PlanError
        """
        return cls.from_dict(files.read_json(expect(text, str, "text", "JSON text", PlanError)))

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """Read a plan from a file that ends in ``.yaml``, ``.yml`` or ``.json``.

        Raises
        ------
        PlanError
            If there is no such file, it is too large, or it is not a plan.
        """
        name = expect(path, (str, os.PathLike), "path", "the name of a plan file", PlanError)
        data = files.read_file(Path(name))
        if data is None:
            raise PlanError([Problem(str(Path(name)), f"the file is empty. {_START}")])
        return cls.from_dict(data)

    def to_dict(self) -> dict[str, Any]:
        """The plan as plain data, without what is left at its default."""
        return files.plain(self)

    def to_yaml(self) -> str:
        """The plan as YAML; reading it back gives an equal plan."""
        return files.write_yaml(self.to_dict())

    def to_json(self) -> str:
        """The plan as canonical JSON: no spaces, keys in the order of the format, UTF-8."""
        return json.dumps(self.to_dict(), ensure_ascii=False, separators=(",", ":"), allow_nan=False)

    @functools.cached_property
    def hash(self) -> str:
        """SHA-256 of the canonical JSON, in hexadecimal: what a result is stamped with."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()

    def edit(self, changes: Mapping[str, Any]) -> Self:
        """A new plan with some places changed, checked again.

        Parameters
        ----------
        changes : Mapping of str to object
            Path (``components[1].curve.cap``) to new value; None takes the key away. A number that is set here is
            no longer assumed.

        Raises
        ------
        PlanError
            If a path does not exist or the changed plan is not sound; this plan stays as it is.
        """
        data = self.to_dict()
        expect(changes, Mapping, "changes", 'new values by path, such as {"name": "My plan"}', PlanError)
        for path, value in changes.items():
            expect(path, str, "changes", "new values by path; a path is text", PlanError)
            try:
                steps = paths.parse(path)
                if value is None and len(steps) == 2 and isinstance(steps[1], int):
                    paths.get(data, path)
                    paths.take_out(data, {str(steps[0]): [steps[1]]})
                else:
                    paths.put(data, path, copy.deepcopy(value))  # later changes reach into it
            except LookupError as error:
                raise PlanError([Problem(path, f"there is no such place in this plan ({error}).")]) from None
        if "about" not in changes and "about.assumed" not in changes:
            paths.prune(data, tuple(path for path, value in changes.items() if value is not None or path[-1:] != "]"))
        return type(self).from_dict(data)

    # Two plans are equal if they are written alike, so that a plan serves as the key of a cache.

    def __hash__(self) -> int:
        return hash(self.hash)

    def __eq__(self, other: object) -> bool:
        return self.hash == other.hash if isinstance(other, Plan) else NotImplemented
