"""Every text that people read on pages and in the command line, collected from the source into one file.

The texts of an f-string are joined, with `{…}` where a value goes. Docstrings, keys, CSS classes and other strings
without a space or a capital letter are left out.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FILE = Path(__file__).with_name("strings.txt")
# What people meet: pages, charts and commands whole; elsewhere the sentences of errors, notes and findings.
FOLDERS = ("compplan", "pages")
_SENTENCE = re.compile(r"[A-Za-z’']+(?:[ ,:;]+[A-Za-z0-9’'{(]+)+")
_TAG = re.compile(r"<[^>]*>")


def _docstrings(tree: ast.AST) -> set[int]:
    """Identities of the nodes that are docstrings."""
    owners = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    return {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, owners) and node.body and isinstance(node.body[0], ast.Expr)
    }


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


def texts_of(source: str) -> Iterator[str]:
    """Texts of a module that a person may read, in the order in which they appear."""
    tree = ast.parse(source)
    skipped = _docstrings(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            skipped |= {id(part) for part in node.values}
        elif isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == "__all__" for t in node.targets):
            skipped |= {id(name) for name in ast.walk(node.value)}
    nodes = [node for node in ast.walk(tree) if isinstance(node, ast.Constant | ast.JoinedStr)]
    for node in sorted(nodes, key=lambda node: (node.lineno, node.col_offset)):
        text = None if id(node) in skipped else _text(node)
        if text is None:
            continue
        plain = " ".join(_TAG.sub(" ", text).split())
        if _SENTENCE.search(plain) or (re.fullmatch(r"[A-Z][a-z]+", plain)):
            yield plain


def template_texts(source: str) -> Iterator[str]:
    """Texts of an HTML template, without tags and statements."""
    for line in re.sub(r"\{%.*?%\}|\{#.*?#\}", " ", re.sub(r"\{\{.*?\}\}", "{…}", source)).splitlines():
        plain = " ".join(_TAG.sub(" ", line).split())
        if _SENTENCE.search(plain) or re.fullmatch(r"[A-Z][a-z]+", plain):
            yield plain


def collect() -> str:
    """The whole file: a heading for each module, then its texts, a line each, without repeats."""
    lines: list[str] = []
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*")):
            read = {".py": texts_of, ".html": template_texts}.get(path.suffix)
            if read is None or "migrations" in path.parts:
                continue
            texts = list(dict.fromkeys(read(path.read_text(encoding="utf-8"))))
            if texts:
                lines += [f"# {path.relative_to(ROOT).as_posix()}", *texts, ""]
    return "\n".join(lines)
