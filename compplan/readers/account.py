"""The account of a file that every command and page ends with: its rows, what was not read, and the money left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from compplan.formats import plain_number
from compplan.readers.notes import STATE_NAMES, Counts, Note

_MOST_ALIKE = 3


@dataclass(frozen=True, slots=True)
class FileAccount:
    r"""What became of every row and amount of a file.

    Parameters
    ----------
    filename : str
    counts : Counts
    money : str
        What the amounts are, such as "Base pay".
    kept, left_out : Mapping of str to float [currency]
        Amounts of the rows that were read, and of those that were not, by currency.
    unknown : int
        Rows that were left out and have no amount that can be read.
    sheets : tuple of str
        Sheets that were not read.
    skipped, checks : tuple of Note
        Why each row was left out, and what was assumed or should be checked.

    Examples
    --------
    >>> counts = Counts.of([0, 1, 1, 5])
    >>> account = FileAccount("team.csv", counts, "Base pay", {"USD": 170_000.0}, {"USD": 85_000.0})
    >>> print(*account.lines(), sep="\n")
    team.csv: 4 rows = 1 heading + 2 read as is + 1 duplicate.
    Base pay: 255,000 USD in the file = 170,000 read + 85,000 left out.
    """

    filename: str
    counts: Counts
    money: str
    kept: Mapping[str, float] = field(default_factory=dict[str, float])
    left_out: Mapping[str, float] = field(default_factory=dict[str, float])
    unknown: int = 0
    sheets: tuple[str, ...] = ()
    skipped: tuple[Note, ...] = ()
    checks: tuple[Note, ...] = ()

    def lines(self) -> list[str]:
        """Return the account as sentences: rows first, then money, then what was not read."""
        counts = self.counts.as_data()
        parts = [f"{counts[state]:,} {name}" for state, name in STATE_NAMES.items() if counts[state]]
        lines = [f"{self.filename}: {counts['rows']:,} rows = {' + '.join(parts)}."]
        for currency in sorted({*self.kept, *self.left_out}):
            kept, out = self.kept.get(currency, 0.0), self.left_out.get(currency, 0.0)
            name = currency or "without a currency"
            total, kept_text, out_text = (plain_number(amount, 2) for amount in (kept + out, kept, out))
            lines.append(f"{self.money}: {total} {name} in the file = {kept_text} read + {out_text} left out.")
        if self.unknown:
            rows = "1 row that was left out has" if self.unknown == 1 else f"{self.unknown:,} rows left out have"
            lines.append(f"{self.money}: {rows} no amount that can be read.")
        if self.sheets:
            lines.append(f"Sheets not read: {', '.join(self.sheets)}.")
        return lines

    def text(self) -> str:
        """Return the account with the rows that were left out and what to check; many of a kind are counted."""
        return "\n".join([*self.lines(), *condensed(self.skipped), *condensed(self.checks)])

    def as_data(self) -> dict[str, object]:
        """Return the account as plain data for JSON."""
        return {
            "rows": self.counts.as_data(),
            "money": {"of": self.money, "kept": dict(self.kept), "left_out": dict(self.left_out)},
            "left_out_without_amount": self.unknown,
            "sheets_not_read": list(self.sheets),
            "left_out": [str(note) for note in self.skipped],
            "checks": [str(note) for note in self.checks],
        }


def condensed(notes: Iterable[Note], most_alike: int = _MOST_ALIKE) -> list[str]:
    """Return notes as sentences; of many that give the same reason only the first few, and how many more.

    Examples
    --------
    >>> alike = [Note("set_aside", "The row is blank.", line) for line in range(2, 7)]
    >>> condensed(alike)
    ['Line 2: The row is blank.', 'Line 3: The row is blank.', 'Line 4: The row is blank.', '… and 2 more like this.']
    """
    notes = list(notes)
    total = Counter(map(_kind, notes))
    seen: Counter[tuple[str, str, str]] = Counter()
    lines: list[str] = []
    for note in notes:
        kind = _kind(note)
        seen[kind] += 1
        # One more is printed rather than counted.
        few = note.line is None or total[kind] <= most_alike + 1
        if few or seen[kind] <= most_alike:
            lines.append(str(note))
        if not few and seen[kind] == most_alike:
            lines.append(f"… and {total[kind] - most_alike:,} more like this.")
    return lines


def _kind(note: Note) -> tuple[str, str, str]:
    """Return what makes notes alike: the same column and the same reason, whatever numbers are in it."""
    words = "".join(" " if c.isdigit() else c for c in note.reason).split()
    return note.kind, note.column, " ".join(words)
