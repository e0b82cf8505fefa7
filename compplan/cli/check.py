"""`compplan check`: review plans, list what to fix, and fail a build where something is wrong."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from compplan.cli.arguments import is_file, load_plan, plan_text, read_day
from compplan.cli.plan_summary import summary, summary_text
from compplan.cli.terminal import JsonOption, app, examples, print_json, print_text, refuse, user_errors
from compplan.clock import utc_today
from compplan.errors import CompPlanError, Problem, nearest

if TYPE_CHECKING:
    import datetime as dt

    from compplan.plan import Plan
    from compplan.review import Context, Review, Settings
    from compplan.review.sarif import CheckedFile

FAILED = 1
"""Exit status where a review finds something at or above `--fail-on`."""
_NEVER = "never"
_NOTE = "note"  # what people call the severity `info`

ProfileOption = Annotated[
    str | None,
    typer.Option(
        "--profile",
        metavar="NAME",
        help="Guide to follow: commercial, charter, survey, adoption_first or quota_bearing.",
    ),
]


@app.command(
    epilog=examples(
        "compplan check plan.yaml --context answers.yaml",
        "compplan check plans/*.yaml --ignore CUR,TOT-02 --fail-on warning --quiet",
        "compplan check plans/*.yaml --sarif > compplan.sarif",
    )
)
def check(
    plans: Annotated[
        list[str], typer.Argument(metavar="PLAN", help="Plan files, template:KEY, or - for standard input.")
    ],
    context: Annotated[
        Path | None,
        typer.Option("--context", metavar="FILE", help="Answers to the review's questions (YAML or JSON)."),
    ] = None,
    profile: ProfileOption = None,
    ignore: Annotated[
        list[str] | None,
        typer.Option(
            "--ignore",
            metavar="RULE[,RULE]",
            help="Rules (KNW-01) or families (KNW) to skip. Replaces the list in compplan.toml. Repeatable.",
        ),
    ] = None,
    fail_on: Annotated[
        str,
        typer.Option(
            "--fail-on",
            metavar="error|warning|note|never",
            help="Exit with status 1 for a finding of this severity or worse. Default: error.",
            show_default=False,
        ),
    ] = "error",
    config: Annotated[
        Path | None,
        typer.Option(
            "--config", metavar="FILE", help="Settings file. Default: compplan.toml beside or above the plan."
        ),
    ] = None,
    isolated: Annotated[bool, typer.Option("--isolated", help="Don't read any compplan.toml.")] = False,
    on_day: Annotated[
        str | None,
        typer.Option("--today", metavar="DATE", help="Review as of this date, such as 2026-01-31. Default: today."),
    ] = None,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Print only findings that count for --fail-on, one line each.")
    ] = False,
    questions: Annotated[
        bool, typer.Option("--questions", help="List the unanswered questions, with the rules that need an answer.")
    ] = False,
    as_json: JsonOption = False,
    as_sarif: Annotated[bool, typer.Option("--sarif", help="Print SARIF 2.1.0, for code hosts and editors.")] = False,
    as_markdown: Annotated[bool, typer.Option("--markdown", help="Print Markdown, for a pull request.")] = False,
) -> None:
    """Review plans: what is wrong, who says so and how to fix it.

    Starts with what the plan pays and its grade, then lists the findings, the most severe first.

    A compplan.toml beside a plan, or in a folder above it, sets the profile, ignored rules, severities and thresholds.
    Options on the command line win over it.

    Exit status: 0 if nothing counts for --fail-on, 1 if something does, 2 if a file cannot be read.
    """
    from compplan.review.findings import SEVERITIES

    problems: list[Problem] = []
    if as_json + as_sarif + as_markdown + quiet > 1:
        problems.append(Problem("", "Use only one of --json, --sarif, --markdown and --quiet."))
    least = "info" if fail_on == _NOTE else fail_on
    if least not in (*SEVERITIES, _NEVER):
        allowed = f"must be error, warning, {_NOTE} or {_NEVER}"
        problems.append(Problem("--fail-on", f"{allowed}. You entered {fail_on!r}."))
    day = read_day("--today", on_day, problems)
    if problems:
        refuse(problems)
    failing = SEVERITIES[: SEVERITIES.index(least) + 1] if least in SEVERITIES else ()
    with user_errors():
        answers = _read_context(context)
        checked = [
            _check(argument, answers, _settings(argument, config, isolated, profile, ignore), day or utc_today())
            for argument in plans
        ]
        _refuse_misplaced_answers(answers, checked)
    if as_json:
        reviews = [one.to_dict() for one in checked]
        print_json(reviews[0] if len(reviews) == 1 else reviews)
    elif as_sarif:
        from compplan.review.sarif import sarif

        print_json(sarif(one.for_sarif() for one in checked))
    else:
        print_parts(
            [one.markdown() for one in checked]
            if as_markdown
            else [line for one in checked for line in one.finding_lines(failing or SEVERITIES)]
            if quiet
            else [one.text(questions) for one in checked if one.plan is not None],
            "\n" if quiet else "\n\n",
        )
    unreadable = [line for one in checked for line in one.problem_lines()]
    if unreadable:
        refuse([Problem("", line) for line in unreadable])
    if any(one.review is not None and one.review.counts[severity] for one in checked for severity in failing):
        raise typer.Exit(FAILED)


def print_parts(parts: list[str], separator: str) -> None:
    """Print texts with a separator between them; nothing where there are none."""
    if parts:
        print_text(separator.join(parts))


@dataclass(frozen=True)
class PlanCheck:
    """A plan with its review, or with the problems that keep it from being read.

    Attributes
    ----------
    argument : str
        As typed: a file, a template or standard input.
    source_text : str
        Text of the plan, for line numbers; empty where it isn't text.
    plan : Plan or None
    review : Review or None
    problems : tuple of Problem
    """

    argument: str
    source_text: str
    plan: Plan | None
    review: Review | None
    problems: tuple[Problem, ...]

    @property
    def file(self) -> str:
        """The file of the plan; empty for a template and for standard input."""
        return self.argument if is_file(self.argument) else ""

    def problem_lines(self) -> list[str]:
        """Why the plan cannot be read, one line each."""
        from compplan.review import reports

        return reports.refused_text(self.problems, self.file, self.source_text)

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain data."""
        from compplan.review import findings_of_problems, reports

        if self.plan is None or self.review is None:
            return {
                "valid": False,
                "at_target_fraction": None,
                "findings": [reports.finding_dict(finding) for finding in findings_of_problems(self.problems)],
                "unanswered": [],
                "problems": [{"where": p.where, "message": p.message, "rule": p.rule} for p in self.problems],
            }
        return summary(self.plan) | reports.to_dict(self.review)

    def for_sarif(self) -> CheckedFile:
        """What a SARIF log needs."""
        from compplan.review import findings_of_problems
        from compplan.review.sarif import CheckedFile

        findings = self.review.findings if self.review else findings_of_problems(self.problems)
        without_rule = tuple(problem for problem in self.problems if not problem.rule)
        return CheckedFile(self.argument, self.source_text, findings, without_rule)

    def markdown(self) -> str:
        """The review as Markdown."""
        from compplan.review import reports

        if self.review is None:
            lines = [f"- {reports.escaped(line)}" for line in reports.refused_text(self.problems)]
            return "\n".join([f"### {reports.escaped(self.argument)} cannot be read", "", *lines])
        return reports.markdown(self.argument, self.review)

    def text(self, questions: bool) -> str:
        """Summary and review for people; the unanswered questions are counted, or listed where asked for."""
        from compplan.review import reports

        if self.plan is None or self.review is None:
            return ""
        text = reports.to_text(self.review, self.file, self.source_text, questions=questions)
        if self.review.unanswered and not questions:
            count = len(self.review.unanswered)
            waiting = "1 question is unanswered" if count == 1 else f"{count} questions are unanswered"
            text += f"\n{waiting} and can hide findings. To list {'it' if count == 1 else 'them'}, add --questions."
        return f"{summary_text(self.plan)}\n\n{text}"

    def finding_lines(self, severities: tuple[str, ...]) -> list[str]:
        """Findings of some severities, one line each."""
        from compplan.review import reports

        if self.review is None:
            return []
        lines = reports.lines_of(self.source_text)
        return [
            f"{reports.at_line(self.file, lines, finding.place)}{reports.finding_line(finding, self.review.plan)}"
            for finding in self.review.findings
            if finding.severity in severities
        ]


def _check(argument: str, context: Context | None, settings: Settings, day: dt.date) -> PlanCheck:
    from compplan.review import review

    text = plan_text(argument)
    try:
        plan = load_plan(argument, text)
    except CompPlanError as error:
        return PlanCheck(argument, text or "", None, None, error.problems)
    return PlanCheck(argument, text or "", plan, review(plan, context, settings, today=day), ())


def _refuse_misplaced_answers(context: Context | None, checked: list[PlanCheck]) -> None:
    """Refuse answers about components that none of the plans has; one context may serve several plans."""
    plans = [one.plan for one in checked if one.plan is not None]
    if context is None or not plans:
        return
    first, *others = ({problem.where: problem for problem in context.misplaced(plan)} for plan in plans)
    problems = [problem for where, problem in first.items() if all(where in other for other in others)]
    if problems:
        refuse(problems)


def _read_context(path: Path | None) -> Context | None:
    from compplan.review import Context

    return None if path is None else Context.load(path)


def _settings(
    argument: str, config: Path | None, isolated: bool, profile: str | None, ignore: list[str] | None
) -> Settings:
    """Settings of the named file, or of the nearest compplan.toml, with the options of the command line over them."""
    from compplan.review import Settings
    from compplan.review.settings import SettingsError, find

    path = config
    if path is None and not isolated:
        path = find(Path(argument) if is_file(argument) else Path.cwd())
    settings = Settings.load(path) if path else Settings()
    overrides: dict[str, Any] = {}
    if profile is not None:
        overrides["profile"] = known_profile(profile)
    if ignore is not None:
        overrides["ignore"] = [name.strip().upper() for text in ignore for name in text.split(",") if name.strip()]
    if not overrides:
        return settings
    try:
        return Settings.of({**settings.shown, **overrides})
    except SettingsError as error:
        refuse([Problem("", f"--ignore: {problem.message}") for problem in error.problems])


def known_profile(name: str) -> str:
    """A profile as typed, or a refusal that names the nearest one."""
    from compplan.review import PROFILES

    if name not in PROFILES:
        refuse([Problem("", f"There is no profile {name!r}; {nearest(name, PROFILES)}")])
    return name
