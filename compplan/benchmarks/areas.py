"""US areas of official wage statistics, found by town, state or area name."""

from __future__ import annotations

import difflib
import functools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from compplan import facts
from compplan.benchmarks.errors import AreaError
from compplan.errors import Problem, one_of

_KINDS = {"metro": "metropolitan area", "nonmetro": "", "national": "country"}
_NO_STATE = {"DC": "district", "GU": "territory", "PR": "territory", "VI": "territory"}
_KIND_ORDER = ("metro", "state", "nonmetro", "national")
# A query is cut to this many characters.
_MAX_QUERY_LENGTH = 100
_NICKNAMES = {"nyc": "New York", "new york city": "New York", "sf": "San Francisco", "washington dc": "Washington, DC"}


@dataclass(frozen=True, slots=True)
class Area:
    """A US area with its wages relative to the national level.

    Attributes
    ----------
    code : str
        Seven-digit area code of the Bureau of Labor Statistics.
    kind : {'metro', 'nonmetro', 'state', 'national'}
    name : str
    state : str
        Postal code of its state, or of the first state if it spans several; empty for the country.
    index : float or None
        Wages of the occupations closest to Customer Success, relative to the national level of 1; None if too few of
        them are published.
    coverage : float
        Share of the index weights for which the area has published wages [fraction].
    mgmt_index : float or None
        Wage index of sales and marketing managers.
    mgmt_coverage : float
        Coverage of that index [fraction].
    all_index : float or None
        Wage index of all occupations.
    rse : float or None
        Relative standard error of the wages, as the median over the occupations [fraction].
    employment : int or None
        Number of employed people.
    source : str
        Key of the source.
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
        """Name with the kind of area, unless the name includes it.

        Examples
        --------
        >>> find_area("Austin").label, area("4800000").label
        ('Austin-Round Rock-San Marcos, TX (metropolitan area)', 'Texas (state)')
        """
        kind = _NO_STATE.get(self.state, "state") if self.kind == "state" else _KINDS[self.kind]
        return f"{self.name} ({kind})" if kind else self.name

    @property
    def states(self) -> tuple[str, ...]:
        """Postal codes of all states of the area."""
        if self.kind == "metro":
            return tuple(self.name.rpartition(", ")[2].split("-"))
        return (self.state,) if self.state else ()

    @property
    def towns(self) -> tuple[str, ...]:
        """Towns in the name of a metropolitan area; empty for other areas.

        Examples
        --------
        >>> find_area("Scranton").towns
        ('Scranton', 'Wilkes-Barre')
        """
        if self.kind != "metro":
            return ()
        towns = self.name.rpartition(", ")[0]
        # The names separate towns by two hyphens if a town has a hyphen itself.
        if "--" in towns or "/" in towns:
            return tuple(re.split("--|/", towns))
        return (towns,) if towns == "Winston-Salem" else tuple(towns.split("-"))


def all_areas() -> tuple[Area, ...]:
    """Return every area: the country, 54 states and territories, 393 metropolitan and 135 nonmetropolitan areas.

    Examples
    --------
    >>> len(all_areas())
    583
    """
    return tuple(_areas().values())


def area(code: str) -> Area:
    """Return the area with a code.

    Raises
    ------
    AreaError
        If no area has this code.

    Examples
    --------
    >>> area("0012420").name
    'Austin-Round Rock-San Marcos, TX'
    """
    try:
        return _areas()[code]
    except KeyError:
        raise AreaError.at("area", f"There is no area with the code {code!r}.") from None


def areas(query: str) -> tuple[Area, ...]:
    """Return every area that matches a name, best match first.

    Parameters
    ----------
    query : str
        Town, state name, postal code, area name or area code, or the beginning of a name. A town can be followed by
        its state: ``Portland, ME``.

    Returns
    -------
    tuple of Area
        Empty if no area matches.

    Examples
    --------
    >>> [area.name for area in areas("portland")]
    ['Portland-Vancouver-Hillsboro, OR-WA', 'Portland-South Portland, ME']
    >>> [area.name for area in areas("Portland, Maine")]
    ['Portland-South Portland, ME']
    >>> areas("TX")[0].name
    'Texas'
    """
    return tuple(match for _, match in _ranked(query))


def find_area(query: str) -> Area:
    """Return the one area that matches a name.

    A metropolitan area takes precedence over a state of the same name: ``New York`` is the metropolitan area, and
    ``New York state`` and ``NY`` are the state.

    Parameters
    ----------
    query : str
        As in `areas`.

    Raises
    ------
    AreaError
        If no area matches, or several match equally well. The message lists them.

    Examples
    --------
    >>> find_area("New York").kind, find_area("NY").kind
    ('metro', 'state')
    >>> find_area("Portland")
    Traceback (most recent call last):
    compplan.benchmarks.errors.AreaError: area: 'Portland' matches more than one area: Portland-Vancouver-Hillsboro,
    OR-WA (metropolitan area); Portland-South Portland, ME (metropolitan area). Enter one of these names.
    """
    ranked = _ranked(query)
    if not ranked:
        raise AreaError.at("area", _unknown(query))
    best = [match for rank, match in ranked if rank == ranked[0][0]]
    # Matches are ordered by kind, so a single match of the first kind takes precedence over the other kinds.
    of_first_kind = [match for match in best if match.kind == best[0].kind]
    if len(of_first_kind) == 1:
        return best[0]
    raise _ambiguous(query, best, " Enter one of these names.")


def area_of(place: str) -> Area:
    """Return the area of a location in a people file. Only whole names match, not beginnings or similar names.

    Parameters
    ----------
    place : str
        Location, such as ``Denver, CO``, ``Denver, Colorado, United States``, ``NYC`` or ``Remote - TX``.

    Raises
    ------
    AreaError
        If no US area has this name, or several have.

    Examples
    --------
    >>> area_of("Denver, CO, USA").name, area_of("Remote, TX").name, area_of("Washington, D.C.").kind
    ('Denver-Aurora-Centennial, CO', 'Texas', 'metro')
    >>> area_of("London")
    Traceback (most recent call last):
    compplan.benchmarks.errors.AreaError: area: No US area is called 'London'.
    """
    text = place.strip()[:_MAX_QUERY_LENGTH]
    matches = _exact_matches(text)
    if not matches:
        raise AreaError.at("area", f"No US area is called {text!r}.")
    best, *rivals = matches
    if rivals:
        raise _ambiguous(place, matches)
    return best


def _ambiguous(query: str, matches: Sequence[Area], advice: str = "") -> AreaError:
    names = tuple(match.label for match in matches)
    shown = "; ".join(names[:12]) + (f"; and {len(names) - 12} more" if len(names) > 12 else "")
    message = f"{query.strip()[:_MAX_QUERY_LENGTH]!r} matches more than one area: {shown}.{advice}"
    return AreaError([Problem("area", message)], names)


@functools.lru_cache(maxsize=8192)
def _exact_matches(place: str) -> tuple[Area, ...]:
    """Return the areas with this name, of the preferred kind."""
    text = re.sub(r"\b([A-Z])\.\s?([A-Z])\.", r"\1\2", place, flags=re.IGNORECASE)
    text = re.sub(r"[\s,(/-]*\b(usa?|united states(?: of america)?)\b\)?$", "", text, flags=re.IGNORECASE)
    text = re.sub(r"^(remote|home office)\b[\s,:(/-]*(.*?)\)?$", r"\2", text, flags=re.IGNORECASE).strip()
    matches = [(rank, match) for rank, match in _ranked(_NICKNAMES.get(_plain(text), text)) if rank <= 1]
    return tuple(match for rank, match in matches if rank == matches[0][0] and match.kind == matches[0][1].kind)


def state_name(postal: str) -> str | None:
    """Return the name of a state or territory from its postal code; None if the code is unknown.

    Examples
    --------
    >>> state_name("CO")
    'Colorado'
    """
    return _states().get(postal.upper())


def state_code(name: str) -> str | None:
    """Return the postal code of a state from its name or code, in any case; None if it is unknown.

    Examples
    --------
    >>> state_code("new york"), state_code("ny"), state_code("Ontario")
    ('NY', 'NY', None)
    """
    plain = _plain(name)
    return next((code for code, full in _states().items() if plain in (code.lower(), _plain(full))), None)


def _ranked(query: str) -> list[tuple[int, Area]]:
    text = query.strip()[:_MAX_QUERY_LENGTH]
    for one in _areas().values():
        if text.lower() in (one.code, one.label.lower()):
            return [(0, one)]
    name = _plain(text)
    if not name:
        return []
    state = state_code(re.sub(r"^state of | state$", "", name))
    if state and (state.lower() == name or " state" in f" {name} ".replace("state of", " state ")):
        return [(0, one) for one in _areas().values() if one.kind == "state" and one.state == state]
    matches = _matches(name, None)
    if not matches or matches[0][0] > 1:
        # No area has this name, so the last words may be a state that follows the town.
        words = name.split()
        for count in (1, 2, 3):
            last_state = state_code(" ".join(words[-count:])) if count < len(words) else None
            if last_state:
                matches = _matches(" ".join(words[:-count]), last_state) or matches
                break
    return matches


def _matches(name: str, state: str | None) -> list[tuple[int, Area]]:
    ranked = [
        (rank, one)
        for one in _areas().values()
        if (state is None or state in one.states) and (rank := _rank(name, one)) is not None
    ]
    return sorted(ranked, key=lambda match: (match[0], _KIND_ORDER.index(match[1].kind), -(match[1].employment or 0)))


def _rank(name: str, one: Area) -> int | None:
    """Return the quality of a match; None if there is none.

    0 is the full name, 1 a town or state with this name, 2 the beginning of a name, 3 all words in any order.
    """
    area_names = _names(one.code)
    full_name = area_names[0]
    if name == full_name:
        return 1 if one.kind == "state" else 0
    if name in area_names:
        return 1
    if any(area_name.startswith(name) for area_name in area_names):
        return 2
    words = full_name.split()
    return 3 if all(word in words for word in name.split()) else None


def _unknown(query: str) -> str:
    text = query.strip()[:_MAX_QUERY_LENGTH]
    known = {_plain(name): name for one in _areas().values() for name in one.towns or (one.name,)}
    close = difflib.get_close_matches(_plain(text), known, n=3, cutoff=0.7)
    hint = f"Did you mean {one_of([known[name] for name in close])}?" if close else "Enter a town or a state."
    return f"No US area is called {text!r}. {hint}"


def _plain(text: str) -> str:
    words = re.sub(r"[^a-z0-9]+", " ", text.lower().replace("'", "").replace("’", "")).split()
    return " ".join("st" if word == "saint" else word for word in words)


@functools.cache
def _names(code: str) -> tuple[str, ...]:
    """Return the names of an area in plain lowercase letters: the full name, then its towns."""
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
