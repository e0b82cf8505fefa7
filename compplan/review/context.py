"""The context of a review: facts about the organization, its data, the book of business and the law that applies.

Every answer is optional. A review lists the questions that its rules still need; an unanswered question never counts
as passed. The description of a field is the question as people read it.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self, cast

from pydantic import BaseModel, Field, Strict, StringConstraints, field_validator, model_validator

from compplan.benchmarks.areas import state_code
from compplan.errors import CompPlanError, Problem
from compplan.models import FrozenModel
from compplan.plan import Plan, files
from compplan.plan.parts import Date, Key, Money, PerUnit, Share

Charter = Literal["adoption", "retention", "expansion"]
Maturity = Literal["early", "developing", "mature"]
Owner = Literal["csm", "renewals", "ae", "am", "shared"]
Words = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=2000, strip_whitespace=True)]
Label = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=80, strip_whitespace=True)]
Count = Annotated[int, Strict(), Field(ge=0, le=1_000_000)]
Real = Annotated[float, Strict(), Field(ge=-1e12, le=1e12, allow_inf_nan=False)]
Yes = Annotated[bool, Strict()]
State = Annotated[str, StringConstraints(strict=True, pattern=r"^[A-Z]{2}$")]
Few = Annotated[tuple[Label, ...], Field(max_length=50)]


class ContextError(CompPlanError):
    """Error in the answers of a context."""


def _question(text: str) -> Any:
    """A field that is None until the question is answered."""
    return Field(default=None, description=text)


class _AnswersModel(FrozenModel):
    error_class = ContextError


class BookAnswers(_AnswersModel):
    """A typical book of business of one person on the plan."""

    accounts: Count | None = _question("How many accounts does one person manage?")
    arr: Money | None = _question("How much ARR does one person manage?")
    mean_acv: Money | None = _question("What is the average annual value of an account?")
    largest_share: Share | None = _question("What share of the book's ARR does the largest account hold?")
    first_year: Count | None = _question("How many accounts are in their first year?")
    due: Annotated[tuple[Money, ...], Field(min_length=4, max_length=4)] | None = _question(
        "How much ARR is up for renewal in each of the next four quarters?"
    )
    utilisation: (
        Annotated[float, Strict(), Field(ge=0, le=10, allow_inf_nan=False, json_schema_extra={"unit": "share"})] | None
    ) = _question("What share of available hours do the accounts take (see Capacity)?")


class MeasureData(_AnswersModel):
    """Answers about the data behind one component."""

    available: Yes | None = _question("Can you measure this today?")
    lag_days: Count | None = _question("How many days after period end is the result known?")
    history: Count | None = _question("How many past periods of reliable data do you have?")
    system: Label | None = _question("Which system records it? Enter 'none' if there is none.")
    owner: Label | None = _question("Who owns the number? Enter 'none' if nobody does.")
    denominator: Label | None = _question("What is the denominator? Enter 'none' if it is not written down.")
    sale: Yes | None = _question("Does it count the value of what the person sells or helps to sell?")
    controllability: Share | None = _question("What share of the result can one person control, from 0 to 1?")
    no_event: Yes | None = _question(
        "Does the plan document say what is paid when nothing is up for renewal in a period?"
    )
    quarters_running: Count | None = _question("For how many quarters in a row has it been paid?")
    testable: Yes | None = _question("Is there a written test for when it is met?")
    signed: Yes | None = _question("Have customers signed off on the outcome?")
    seats: Literal["assigned", "active"] | None = _question("Which seats are counted: assigned or active?")
    discretionary: Yes | None = _question("Does a manager score it at their discretion?")
    mean_of_rates: Yes | None = _question("Is a rate over several periods the average of the rates of each period?")


class CreditAnswers(_AnswersModel):
    """Answers about crediting of expansion deals."""

    primary_driver: Yes | None = _question("Is expansion credited only to the person who mainly drove it?")
    total: Annotated[float, Strict(), Field(ge=0, le=20, allow_inf_nan=False)] | None = _question(
        "How much credit does one deal give in total? Enter 1 for one full credit."
    )


class AlsoPaidAnswers(_AnswersModel):
    """Other roles paid in full on the same results."""

    renewals: Few | None = _question("Which other roles are paid in full on the same renewals?")
    expansion: Few | None = _question("Which other roles are paid in full on the same expansion?")


class LevelChangeAnswers(_AnswersModel):
    """Answers about a move from individual to team results in this cycle."""

    changed: Yes | None = _question("Does an individual result become a team result this cycle?")
    note: Yes | None = _question("Did people get a written explanation of the change?")


class LitmusAnswers(_AnswersModel):
    """Answers to the three questions to ask before every quarter."""

    last_two_weeks: Words | None = _question("How could someone game this at period end?")
    reviewed: Date | None = _question("Date of last plan review")
    lift: Annotated[tuple[Real, ...], Field(max_length=40)] | None = _question(
        "Change in the paid measure per period, oldest first"
    )


class PremiumsAnswers(_AnswersModel):
    """Premiums over market pay for the role."""

    specialism: Share | None = _question("What pay premium applies for a specialty?")
    place: Share | None = _question("What pay premium applies for the location?")
    portfolio: Yes | None = _question("Is pay higher in the band because of a large book of business?")


class BenchmarkAnswers(_AnswersModel):
    """Answers about the benchmark used for pay."""

    source: Label | None = _question(
        "Which source did you benchmark pay against (its name, or a key of the bibliography)?"
    )
    basis: Literal["base", "ote", "total_compensation", "loaded_cost"] | None = _question(
        "What does that source report: base, OTE, total compensation or loaded cost?"
    )
    year: Annotated[int, Strict(), Field(ge=1990, le=2100)] | None = _question("Which year is the benchmark data from?")


class TermsAnswers(_AnswersModel):
    """Answers about the text of the plan document."""

    hire: Yes | None = _question("Does the plan document say what new hires are paid when they start mid-period?")
    leave: Yes | None = _question("Does the plan document say what is paid during leave?")
    transfer: Yes | None = _question("Does the plan document say what is paid on a transfer?")
    termination: Yes | None = _question("Does the plan document say what is paid when someone leaves?")
    negative: Yes | None = _question("Does the plan document say how a negative true-up affects later pay?")
    cap: Yes | None = _question("Does the plan document state the cap, or that there is none?")
    order: Yes | None = _question("Does the plan document say whether caps apply before or after modifiers?")
    communicated: Date | None = _question("When did people receive this plan in writing?")
    spif_quarters: Count | None = _question("For how many quarters in a row have SPIFs been paid?")


class LawAnswers(_AnswersModel):
    """Answers about places of work, signed contracts and job postings."""

    new_york_city: Yes | None = _question("Does anyone work in New York City, on Long Island or in Westchester?")
    signed: Yes | None = _question("Is there a written contract signed by the employer, with a signed receipt?")
    principally_sales: Yes | None = _question("Is selling the main activity of these people?")
    posting_range: Yes | None = _question("Do job postings for the role state the pay range?")
    employees: Count | None = _question("How many employees does the company have?")
    posting_variable: Yes | None = _question("Do job postings describe bonus or commission?")
    overtime_true_up: Yes | None = _question("Is overtime recalculated to include the bonus for nonexempt employees?")
    capitalisation_reviewed: Yes | None = _question(
        "Has an accountant reviewed whether these payments are costs of obtaining a contract?"
    )


class Context(_AnswersModel):
    """Answers to the questions of a review. Every answer is optional.

    Examples
    --------
    >>> Context.of({"renewal_owner": "csm", "measures": {"grr": {"history": 8}}}).answer("measures.grr.history")
    8
    >>> Context().answer("renewal_owner") is None
    True
    """

    charters: Annotated[tuple[Charter, ...], Field(max_length=3)] | None = _question(
        "What are the charters of Customer Success: adoption, retention, expansion?"
    )
    maturity: Maturity | None = _question("How mature is the organization: early, developing or mature?")
    renewal_owner: Owner | None = _question("Who owns renewals?")
    expansion_owner: Owner | None = _question("Who owns expansion in existing accounts?")
    team_size: Count | None = _question("How many people are on the team?")
    roles: Annotated[tuple[Key, ...], Field(max_length=50)] | None = _question("Which roles are on this plan?")
    segments: Annotated[dict[Label, Share], Field(max_length=50)] | None = _question(
        "What was the gross retention of each segment or region on this plan?"
    )
    also_paid: AlsoPaidAnswers = AlsoPaidAnswers()
    credit: CreditAnswers = CreditAnswers()
    level_change: LevelChangeAnswers = LevelChangeAnswers()
    cycle_months: Annotated[float, Strict(), Field(ge=0, le=120, allow_inf_nan=False)] | None = _question(
        "How many months does a renewal take from first conversation to signature?"
    )
    controls_timing: Yes | None = _question("Can people move a deal from one period to another?")
    controls_price: Yes | None = _question("Can people offer discounts?")
    gross_margin: Share | None = _question("What is the first-year gross margin on a dollar of ARR?")
    correlations: (
        Annotated[dict[Label, Annotated[float, Strict(), Field(ge=-1, le=1)]], Field(max_length=200)] | None
    ) = _question("What is the correlation between results, by 'id,id' (-1 to 1)?")
    team_targets: Annotated[dict[Key, PerUnit], Field(max_length=50)] | None = _question(
        "What do the team members' targets add up to, by component?"
    )
    loaded_cost: Money | None = _question("What is the fully loaded cost of one person per year?")
    book: BookAnswers = BookAnswers()
    books: Annotated[tuple[BookAnswers, ...], Field(max_length=1000)] | None = _question(
        "What does each person's book of business look like (no names)?"
    )
    measures: Annotated[dict[Key, MeasureData], Field(max_length=100)] = Field(
        default_factory=dict[str, MeasureData], description="What do you know about the data of each component?"
    )
    litmus: LitmusAnswers = LitmusAnswers()
    premiums: PremiumsAnswers = PremiumsAnswers()
    benchmark: BenchmarkAnswers = BenchmarkAnswers()
    terms: TermsAnswers = TermsAnswers()
    country: State | None = _question("Which country do these people work in (US, DE, …)?")
    states: Annotated[tuple[State, ...], Field(max_length=60)] | None = _question(
        "Which US states do these people work in (CA, NY, …)?"
    )
    exempt: Yes | None = _question("Are these people exempt from overtime under the FLSA?")
    law: LawAnswers = LawAnswers()

    @field_validator("states")
    @classmethod
    def _known_states(cls, states: tuple[str, ...] | None) -> tuple[str, ...] | None:
        for state in states or ():
            if state_code(state) is None:
                raise ValueError(f"{state!r} is not a US state; enter its two letters, such as CA")
        return states

    @model_validator(mode="after")
    def _pairs(self) -> Self:
        for pair in self.correlations or {}:
            if len(pair.split(",")) != 2:
                raise ValueError(f"a correlation is between two components, as in 'grr,csat', not {pair!r}")
        return self

    # Type checkers take a pydantic model for one that cannot be hashed.
    def __hash__(self) -> int:
        return FrozenModel.__hash__(self)

    @classmethod
    def of(cls, data: Any) -> Self:
        """Build a context from plain data.

        Raises
        ------
        ContextError
            Lists every problem with its place.
        """
        return cls.model_validate({} if data is None else data)

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """Read a context from a file that ends in ``.yaml``, ``.yml`` or ``.json``.

        Raises
        ------
        CompPlanError
        """
        return cls.of(files.read_file(Path(path)))

    def answer(self, question: str) -> Any:
        """Return the answer to a question by its path, or None if it is unanswered.

        Raises
        ------
        LookupError
            If there is no such question.
        """
        value: Any = self
        for step in question.split("."):
            if isinstance(value, Mapping):
                value = cast("Mapping[str, Any]", value).get(step, MeasureData())
            elif isinstance(value, BaseModel) and step in type(value).model_fields:
                value = getattr(value, step)
            else:
                raise LookupError(f"{question!r} is not a question of the context")
        return value

    def misplaced(self, plan: Plan) -> list[Problem]:
        """List the answers about components that the plan does not have."""
        answers = [(f"measures.{key}", key) for key in self.measures]
        answers += [(f"team_targets.{key}", key) for key in self.team_targets or {}]
        answers += [
            (f"correlations.{pair!r}", name.strip()) for pair in self.correlations or {} for name in pair.split(",")
        ]
        return [
            Problem(where, f"the plan has no component {key!r}; it has {', '.join(plan.by_id)}.")
            for where, key in answers
            if key not in plan.by_id
        ]


def question_text(path: str) -> str:
    """Return a question as people read it.

    Examples
    --------
    >>> question_text("renewal_owner"), question_text("measures.grr.history")
    ('Who owns renewals?', 'How many past periods of reliable data do you have?')
    """
    model: type[BaseModel] = Context
    text = ""
    for step in path.split("."):
        if step not in model.model_fields:  # the id of a component
            model = MeasureData
            continue
        field = model.model_fields[step]
        text = field.description or ""
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, _AnswersModel):
            model = kind
    return text


def answer_schema(path: str) -> dict[str, Any]:
    """Return the JSON Schema of the answer to a question: ``type``, ``enum``, ``format`` or ``items``.

    Raises
    ------
    LookupError
        If there is no such question.

    Examples
    --------
    >>> (
    ...     answer_schema("exempt")["type"],
    ...     answer_schema("maturity")["enum"],
    ...     answer_schema("measures.grr.history")["type"],
    ... )
    ('boolean', ['early', 'developing', 'mature'], 'integer')
    """
    schema = _schema()
    part: dict[str, Any] = schema
    for step in path.split("."):
        part = _resolved(part, schema)
        if "properties" in part and step in part["properties"]:
            part = part["properties"][step]
        elif "patternProperties" in part:
            (part,) = part["patternProperties"].values()
        elif isinstance(part.get("additionalProperties"), dict):
            part = part["additionalProperties"]
        else:
            raise LookupError(f"{path!r} is not a question of the context")
    return _resolved(part, schema)


@functools.cache
def _schema() -> dict[str, Any]:
    return Context.model_json_schema()


def _resolved(part: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """Resolve the references of a schema and drop its null."""
    if "anyOf" in part:
        part = next(option for option in part["anyOf"] if option.get("type") != "null")
    if "$ref" in part:
        part = schema["$defs"][part["$ref"].rpartition("/")[2]]
    return part
