"""Base class of all checked data: frozen, strict about keys, and refused with a `CompPlanError`."""

from __future__ import annotations

from collections.abc import Mapping
from inspect import Parameter, Signature
from typing import Any, ClassVar, NoReturn, Self, cast

from pydantic import AfterValidator, BaseModel, ConfigDict
from pydantic_core import PydanticCustomError

from compplan.errors import CompPlanError, Problem
from compplan.explain import PROBLEMS, explain


def zero_or_at_least(least: float) -> AfterValidator:
    """Return a check that refuses numbers so close to zero that a calculation with them means nothing.

    Parameters
    ----------
    least : float
        The smallest size that a number other than zero can have.
    """

    def check(value: float) -> float:
        if 0.0 < abs(value) < least:
            raise ValueError(f"must be 0 or at least {least:.9f}".rstrip("0"))
        return value

    return AfterValidator(check)


class _ShortHelp(type(BaseModel)):  # pyright: ignore[reportUntypedBaseClass, reportGeneralTypeIssues]
    """Keeps what pydantic alone defines out of `dir` of a class, so that `help` shows what compplan offers."""

    def __dir__(cls) -> list[str]:
        own = {name for base in cls.__mro__ if base.__module__.partition(".")[0] != "pydantic" for name in vars(base)}
        own -= {name for name in own if name.startswith("__") and hasattr(BaseModel, name)}
        return [name for name in super().__dir__() if name in own]


class FrozenModel(BaseModel, metaclass=_ShortHelp):
    """Data that cannot be changed, and that raises a `CompPlanError` when it cannot be used.

    The constructor, `model_validate`, `model_copy` and setting a field raise `error_class` with every problem by its
    place, never pydantic's own error. A subclass sets `error_class`; it may override `broken_rule` to name the review
    rule that a number out of bounds breaks.

    Examples
    --------
    >>> class Budget(FrozenModel):
    ...     amount: float
    ...     currency: str = "USD"
    >>> Budget(amount="a lot")
    Traceback (most recent call last):
    compplan.errors.CompPlanError: amount: must be a number. You entered 'a lot'.
    >>> Budget(amount=5.0).model_copy(update={"currencey": "EUR"})
    Traceback (most recent call last):
    compplan.errors.CompPlanError: currencey: is not a known key; did you mean currency?
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    error_class: ClassVar[type[CompPlanError]] = CompPlanError

    def __init__(self, /, **data: Any) -> None:
        try:
            super().__init__(**data)
        except ValueError as error:
            self._refuse(error)

    # pydantic builds nested models without calling `__init__`, unless a class replaces it; this one changes only
    # the error of a direct call, so that a nested fault still arrives with its whole path.
    __init__.__pydantic_base_init__ = True  # pyright: ignore[reportFunctionMemberAccess]

    @classmethod
    def __pydantic_init_subclass__(cls, **_kwargs: Any) -> None:
        # `help` prints the signature, where pydantic's own repeats every limit of every field.
        required = [field.alias or name for name, field in cls.model_fields.items() if field.is_required()]
        named = [Parameter(name, Parameter.KEYWORD_ONLY) for name in required if name.isidentifier()]
        cls.__signature__ = Signature([*named, Parameter("optional_fields", Parameter.VAR_KEYWORD)])

    @classmethod
    def model_validate(cls, obj: Any, **options: Any) -> Self:
        """Check plain data and build the model; takes the options of `pydantic.BaseModel.model_validate`.

        Raises
        ------
        CompPlanError
            Of the class's own kind, with every problem and its place.
        """
        try:
            return super().model_validate(obj, **options)
        except ValueError as error:
            cls._refuse(error)

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """A copy; with `update`, some fields replaced and everything checked again.

        Parameters
        ----------
        update : Mapping of str to object, optional
            New value by field name or alias.
        deep : bool
            Whether nested values are copied too.

        Raises
        ------
        CompPlanError
            If the changed data cannot be used.
        """
        if not update:
            return super().model_copy(deep=deep)
        source = super().model_copy(deep=True) if deep else self
        aliases = {name: field.alias or name for name, field in type(self).model_fields.items()}
        values = {aliases[name]: getattr(source, name) for name in aliases if name in self.model_fields_set}
        return type(self)(**(values | {aliases.get(name, name): value for name, value in update.items()}))

    def __setattr__(self, name: str, value: Any) -> NoReturn:
        self._refuse_change(name)

    def __delattr__(self, name: str) -> NoReturn:
        self._refuse_change(name)

    def _refuse_change(self, name: str) -> NoReturn:
        way = "edit" if hasattr(self, "edit") else "model_copy"
        raise self.error_class([Problem(name, f"cannot be changed; {way} returns a changed copy.")])

    def __hash__(self) -> int:
        return hash((type(self), *(_hashable(getattr(self, name)) for name in type(self).model_fields)))

    @classmethod
    def broken_rule(cls, steps: tuple[int | str, ...], kind: str) -> str:
        """Id of the review rule that a number out of bounds breaks; empty where it breaks none.

        Parameters
        ----------
        steps : tuple of int or str
            Place of the number within this model.
        kind : str
            Which bound it breaks: ``greater_than_equal``, ``less_than_equal``, ``greater_than`` or ``less_than``.
        """
        del steps, kind
        return ""

    @classmethod
    def _refuse(cls, error: ValueError) -> NoReturn:
        raise cls.error_class(explain(error, cls)) from None


def refuse_all(problems: list[Problem]) -> None:
    """Refuse a model from within its own validator, if there are any problems.

    Parameters
    ----------
    problems : list of Problem
        With places relative to the model.

    Raises
    ------
    PydanticCustomError
        Which `FrozenModel` turns into the class's own error.
    """
    if problems:
        raise PydanticCustomError(PROBLEMS, "the parts do not fit together", {"problems": problems})


def _hashable(value: Any) -> Any:
    if isinstance(value, Mapping):
        return frozenset((key, _hashable(each)) for key, each in cast("Mapping[Any, Any]", value).items())
    if isinstance(value, tuple | list):
        return tuple(map(_hashable, cast("tuple[Any, ...]", value)))
    return value
