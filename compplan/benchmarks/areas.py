"""Where in the United States: areas of official wage statistics, found by the names that people use."""

from __future__ import annotations

import difflib
import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass

from compplan import facts
from compplan.benchmarks.errors import AreaError
from compplan.errors import Problem

_KINDS = {"metro": "metropolitan area", "nonmetro": "", "national": "country"}
_NO_STATE = {"DC": "district", "GU": "territory", "PR": "territory", "VI": "territory"}
_PREFERRED = ("metro", "state", "nonmetro", "national")
# Most characters of a question that are looked at.
_LONGEST = 100
_BYNAMES = {"nyc": "New York", "new york city": "New York", "sf": "San Francisco", "washington dc": "Washington, DC"}


@dataclass(frozen=True, slots=True)
class Area:
    """An area with its wages relative to the country's.

    Attributes
    ----------
    code : str
        Seven digits, as the Bureau of Labor Statistics numbers it.
    kind : {'metro', 'nonmetro', 'state', 'national'}
    name : str
    state : str
        Postal code of its state, of the first where it spans several; empty for the country.
    index : float or None
        Wages of the occupations nearest to Customer Success over the country's, which is 1; None where too few
        of them are published.
    coverage : float
        Share of the weights of those occupations that the area publishes.
    mgmt_index : float or None
        The same for managers of sales and marketing.
    mgmt_coverage : float
    all_index : float or None
        The same for all occupations.
    rse : float or None
        Relative standard error of its wages, the median over the occupations.
    employment : int or None
        People at work there.
    source : str
        Key into the bibliography.
    """

    code: str
    kind: str
    name: str
    state: str
    index: float | None
    coverage: float
    mgmt_index: float | None
    mgmt_coverage: float
    all_index: float | None
    rse: float | None
    employment: int | None
    source: str

    @property
    def label(self) -> str:
        """Its name with what kind of area it is, where the name does not say so.

        Examples
        --------
        >>> find_area("Austin").label, area("4800000").label
        ('Austin-Round Rock-San Marcos, TX (metropolitan area)', 'Texas (state)')
        """
        kind = _NO_STATE.get(self.state, "state") if self.kind == "state" else _KINDS[self.kind]
        return f"{self.name} ({kind})" if kind else self.name

    @property
    def states(self) -> tuple[str, ...]:
        """Postal codes of the states it lies in."""
        if self.kind == "metro":
            return tuple(self.name.rpartition(", ")[2].split("-"))
        return (self.state,) if self.state else ()

    @property
    def towns(self) -> tuple[str, ...]:
        """The towns in the name of a metropolitan area; empty for other areas.

        Examples
        --------
        >>> find_area("Scranton").towns
        ('Scranton', 'Wilkes-Barre')
        """
        if self.kind != "metro":
            return ()
        towns = self.name.rpartition(", ")[0]
        # Two hyphens stand between towns where one of them has a hyphen of its own.
        if "--" in towns or "/" in towns:
            return tuple(re.split("--|/", towns))
        return (towns,) if towns == "Winston-Salem" else tuple(towns.split("-"))


def all_areas() -> tuple[Area, ...]:
    """Every area: the country, 54 states and territories, 393 metropolitan and 135 other areas.

    Examples
    --------
    >>> len(all_areas())
    583
    """
    return tuple(_areas().values())


def area(code: str) -> Area:
    """The area with a code.

    Raises
    ------
    AreaError
        If there is none.

    Examples
    --------
    >>> area("0012420").name
    'Austin-Round Rock-San Marcos, TX'
    """
    try:
        return _areas()[code]
    except KeyError:
        raise AreaError([Problem("area", f"There is no area with the code {code!r}.")]) from None


def areas(query: str) -> tuple[Area, ...]:
    """Every area that a name may mean, the likeliest first.

    Parameters
    ----------
    query : str
        A town, a state by name or postal code, an area's own name or code, or the beginning of one. A town may
        have its state behind it: ``Portland, ME``.

    Returns
    -------
    tuple of Area
        Empty where nothing answers to it.

    Examples
    --------
    >>> [area.name for area in areas("portland")]
    ['Portland-Vancouver-Hillsboro, OR-WA', 'Portland-South Portland, ME']
    >>> [area.name for area in areas("Portland, Maine")]
    ['Portland-South Portland, ME']
    >>> areas("TX")[0].name
    'Texas'
    """
    return tuple(found for _, found in _ranked(query))


def find_area(query: str) -> Area:
    """The one area that a name means.

    A metropolitan area wins over a state of the same name: New York is the metropolitan area, ``New York state``
    and ``NY`` are the state.

    Parameters
    ----------
    query : str
        As in `areas`.

    Raises
    ------
    AreaError
        If several answer equally well, naming all of them, or none does.

    Examples
    --------
    >>> find_area("New York").kind, find_area("NY").kind
    ('metro', 'state')
    >>> find_area("Portland")
    Traceback (most recent call last):
    compplan.benchmarks.errors.AreaError: area: 'Portland' may be Portland-Vancouver-Hillsboro, OR-WA (metropolitan
    area); Portland-South Portland, ME (metropolitan area); say which.
    """
    ranked = _ranked(query)
    if not ranked:
        raise AreaError([Problem("area", _unknown(query))])
    best = [found for rank, found in ranked if rank == ranked[0][0]]
    # The list is in order of preference: what is alone of its kind at its head wins over the kinds behind it.
    of_first_kind = [found for found in best if found.kind == best[0].kind]
    if len(of_first_kind) == 1:
        return best[0]
    names = tuple(found.label for found in best)
    shown = "; ".join(names[:12]) + (f"; and {len(names) - 12} more" if len(names) > 12 else "")
    raise AreaError([Problem("area", f"{query.strip()[:_LONGEST]!r} may be {shown}; say which.")], names)


def area_of(place: str) -> Area:
    """The area of a place as a people file has it: only what is called so, nothing that merely begins or sounds alike.

    Parameters
    ----------
    place : str
        Such as ``Denver, CO``, ``Denver, Colorado, United States``, ``NYC`` or ``Remote - TX``.

    Raises
    ------
    AreaError
        If nothing in the United States is called so, or several areas are.

    Examples
    --------
    >>> area_of("Denver, CO, USA").name, area_of("Remote, TX").name, area_of("Washington, D.C.").kind
    ('Denver-Aurora-Centennial, CO', 'Texas', 'metro')
    >>> area_of("London")
    Traceback (most recent call last):
    compplan.benchmarks.errors.AreaError: area: No area of the United States is called 'London'.
    """
    first = _called(place.strip()[:_LONGEST])
    if not first:
        raise AreaError([Problem("area", f"No area of the United States is called {place.strip()[:_LONGEST]!r}.")])
    best, *rivals = first
    if rivals:
        names = tuple(one.label for one in first)
        said = f"{place.strip()[:_LONGEST]!r} may be {'; '.join(names[:6])}."
        raise AreaError([Problem("area", said)], names)
    return best


@functools.lru_cache(maxsize=8192)
def _called(place: str) -> tuple[Area, ...]:
    """The areas that are called so, of the likeliest kind."""
    text = re.sub(r"\b([A-Z])\.\s?([A-Z])\.", r"\1\2", place, flags=re.IGNORECASE)
    text = re.sub(r"[\s,(/-]*\b(usa?|united states(?: of america)?)\b\)?$", "", text, flags=re.IGNORECASE)
    text = re.sub(r"^(remote|home office)\b[\s,:(/-]*(.*?)\)?$", r"\2", text, flags=re.IGNORECASE).strip()
    called = [(rank, one) for rank, one in _ranked(_BYNAMES.get(_plain(text), text)) if rank <= 1]
    return tuple(one for rank, one in called if rank == called[0][0] and one.kind == called[0][1].kind)


def state_name(postal: str) -> str | None:
    """Name of a state or territory from its postal code; None where there is none.

    Examples
    --------
    >>> state_name("CO")
    'Colorado'
    """
    return _states().get(postal.upper())


def state_code(name: str) -> str | None:
    """Postal code of a state from its name or code, in any case; None where there is none.

    Examples
    --------
    >>> state_code("new york"), state_code("ny"), state_code("Ontario")
    ('NY', 'NY', None)
    """
    wanted = _plain(name)
    return next((code for code, full in _states().items() if wanted in (code.lower(), _plain(full))), None)


def _ranked(query: str) -> list[tuple[int, Area]]:
    text = query.strip()[:_LONGEST]
    for one in _areas().values():
        if text.lower() in (one.code, one.label.lower()):
            return [(0, one)]
    asked = _plain(text)
    if not asked:
        return []
    state = state_code(re.sub(r"^state of | state$", "", asked))
    if state and (state.lower() == asked or " state" in f" {asked} ".replace("state of", " state ")):
        return [(0, found) for found in _areas().values() if found.kind == "state" and found.state == state]
    found = _matches(asked, None)
    if not found or found[0][0] > 1:
        # Nothing is called so: a state may stand behind the town.
        words = asked.split()
        for count in (1, 2, 3):
            behind = state_code(" ".join(words[-count:])) if count < len(words) else None
            if behind:
                within = _matches(" ".join(words[:-count]), behind)
                found = within or found
                break
    return found


def _matches(asked: str, state: str | None) -> list[tuple[int, Area]]:
    found = [
        (rank, one)
        for one in _areas().values()
        if (state is None or state in one.states) and (rank := _rank(asked, one)) is not None
    ]
    return sorted(found, key=lambda hit: (hit[0], _PREFERRED.index(hit[1].kind), -(hit[1].employment or 0)))


def _rank(asked: str, one: Area) -> int | None:
    """0: its whole name; 1: a town or state of that name; 2: one that begins so; 3: all words occur."""
    names = _names(one.code)
    whole = names[0]
    if asked == whole:
        return 1 if one.kind == "state" else 0
    if asked in names:
        return 1
    if any(name.startswith(asked) for name in names):
        return 2
    words = whole.split()
    return 3 if all(word in words for word in asked.split()) else None


def _unknown(query: str) -> str:
    asked = query.strip()[:_LONGEST]
    known = {_plain(name): name for one in _areas().values() for name in one.towns or (one.name,)}
    close = difflib.get_close_matches(_plain(asked), known, n=3, cutoff=0.7)
    hint = f"did you mean {' or '.join(known[name] for name in close)}?" if close else "give a town or a state."
    return f"No area of the United States is called {asked!r}; {hint}"


def _plain(text: str) -> str:
    words = re.sub(r"[^a-z0-9]+", " ", text.lower().replace("'", "").replace("’", "")).split()
    return " ".join("st" if word == "saint" else word for word in words)


@functools.cache
def _names(code: str) -> tuple[str, ...]:
    """What an area is called in plain letters: its whole name, then the towns in it."""
    one = _areas()[code]
    parts = [part.partition("-")[0] for part in one.towns if "-" in part and len(one.towns) > 1]
    together = one.name.rpartition(", ")[0]
    return (_plain(one.name), *dict.fromkeys(filter(None, map(_plain, [together, *one.towns, *parts]))))


def _number(text: str) -> float | None:
    return float(text) if text else None


@functools.cache
def _areas() -> Mapping[str, Area]:
    return {
        row["code"]: Area(
            code=row["code"],
            kind=row["kind"],
            name=row["name"],
            state=row["state"],
            index=_number(row["ic_index"]),
            coverage=float(row["ic_coverage"]),
            mgmt_index=_number(row["mgmt_index"]),
            mgmt_coverage=float(row["mgmt_coverage"]),
            all_index=_number(row["all_index"]),
            rse=_number(row["rse"]),
            employment=int(row["employment"]) if row["employment"] else None,
            source=row["source"],
        )
        for row in facts.table("wage_index")
    }


@functools.cache
def _states() -> Mapping[str, str]:
    return {one.state: one.name for one in _areas().values() if one.kind == "state"}
