"""Collect every text that people read: run this file, or `make strings`, to write strings.txt.

The texts of an f-string are joined, with `{…}` where a value goes. Docstrings, types, patterns, keys, CSS classes,
headings that only uploads contain and other strings without a space or a capital letter are left out.
"""

from __future__ import annotations

import ast
import csv
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
FILE = Path(__file__).with_name("strings.txt")
FOLDERS = ("compplan", "pages", "data")
# Columns of data/ that people read as sentences
_PROSE = ("summary", "definition", "usual_note", "condition", "for", "against", "what", "note", "care")
_SENTENCE = re.compile(r"[A-Za-z’']+(?:[ ,:;]+[A-Za-z0-9’'{(]+)+")
_TAG = re.compile(r"<[^>]*>")
_CODE = re.compile(r"(top|middle|bottom) (left|center|right)")
# A literal that is compared is the name of a key on the keyboard.
_JAVASCRIPT = re.compile(r"""(?<!=== )(["'`])([A-Z][^"'`]*)\1""")


def _skipped(tree: ast.AST) -> set[int]:
    """Identities of the nodes that are code and not texts."""
    owners = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    skipped: set[int] = set()
    for node in ast.walk(tree):
        parts: list[ast.AST] = []
        match node:
            case ast.JoinedStr():
                skipped |= {id(part) for part in node.values}
            case ast.Call(func=ast.Name(id="cast" | "TypeVar") | ast.Attribute(value=ast.Name(id="re"))):
                parts = [*node.args[:1]]
            case ast.Assign(targets=[ast.Name(id="__all__" | "FIELDS")]) | ast.AnnAssign(target=ast.Name(id="FIELDS")):
                parts = [node]
            case _ if isinstance(node, owners) and node.body and isinstance(node.body[0], ast.Expr):
                parts = [node.body[0]]
            case _:
                pass
        skipped |= {id(part) for root in parts for part in ast.walk(root)}
    return skipped


def _text(node: ast.expr) -> str | None:
    """The text of a string or an f-string, None for anything else."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(
            part.value if isinstance(part, ast.Constant) and isinstance(part.value, str) else "{…}"
            for part in node.values
        )
    return None


def _plain(text: str) -> Iterator[str]:
    """A text without tags, if a person may read it."""
    plain = " ".join(_TAG.sub(" ", text).split())
    if not _CODE.fullmatch(plain) and (_SENTENCE.search(plain) or re.fullmatch(r"[A-Z][a-z]+", plain)):
        yield plain


def texts_of(source: str) -> Iterator[str]:
    """Texts of a module that a person may read, in the order in which they appear."""
    tree = ast.parse(source)
    skipped = _skipped(tree)
    nodes = [node for node in ast.walk(tree) if isinstance(node, ast.Constant | ast.JoinedStr)]
    for node in sorted(nodes, key=lambda node: (node.lineno, node.col_offset)):
        text = None if id(node) in skipped else _text(node)
        if text is None:
            continue
        yield from _plain(text)


def template_texts(source: str) -> Iterator[str]:
    """Texts of an HTML template, without tags and statements."""
    for line in re.sub(r"\{%.*?%\}|\{#.*?#\}", " ", re.sub(r"\{\{.*?\}\}", "{…}", source)).splitlines():
        yield from _plain(line)


def script_texts(source: str) -> Iterator[str]:
    """Literals of JavaScript that begin with a capital letter."""
    for _, text in _JAVASCRIPT.findall(source):
        yield from _plain(re.sub(r"\$\{.*?\}", "{…}", text))


def table_texts(source: str) -> Iterator[str]:
    """Sentences of a table of data."""
    for row in csv.DictReader(source.splitlines()):
        for column in _PROSE:
            yield from _plain(row.get(column) or "")


def plan_texts(source: str) -> Iterator[str]:
    """Name and note of a template."""
    plan = yaml.safe_load(source)
    yield plan["name"]
    yield from _plain(plan["about"]["note"])


READERS: dict[str, Callable[[str], Iterator[str]]] = {
    ".py": texts_of,
    ".html": template_texts,
    ".js": script_texts,
    ".csv": table_texts,
    ".yaml": plan_texts,
}


def collect() -> str:
    """The whole file: a heading for each module, then its texts, a line each, without repeats."""
    lines: list[str] = []
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix not in READERS or {"migrations", "samples"} & {*path.parts}:
                continue
            texts = list(dict.fromkeys(READERS[path.suffix](path.read_text(encoding="utf-8"))))
            if texts:
                lines += [f"# {path.relative_to(ROOT).as_posix()}", *texts, ""]
    return "\n".join(lines)


if __name__ == "__main__":
    FILE.write_text(collect(), encoding="utf-8")
