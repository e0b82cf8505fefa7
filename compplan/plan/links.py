"""Pack a plan into a URL parameter, and unpack such a parameter as untrusted input with size limits."""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from typing import NoReturn

from compplan.errors import LinkError, PlanError, Problem
from compplan.plan import Plan
from compplan.plan.place_names import problem_text

LONGEST = 8_000
LARGEST = 200_000
_VERSION = "v1"
_ALPHABET = re.compile(r"[A-Za-z0-9_-]*")
_COPY_AGAIN = "Check that you copied all of it, or ask for a new one."


def encode(plan: Plan) -> str:
    """Return the ``plan`` parameter of a link: version, dot, and the canonical JSON compressed by zlib as base64url.

    Raises
    ------
    LinkError
        If the plan is too large for a link.

    Examples
    --------
    >>> from compplan import templates
    >>> plan = templates.load("flowfuse-csm")
    >>> encode(plan)[:3], decode(encode(plan)) == plan
    ('v1.', True)
    """
    # The zlib format has a checksum. Without it, a link with one wrong character would often open as another plan.
    packed = zlib.compress(plan.to_json().encode(), 9)
    text = f"{_VERSION}.{base64.urlsafe_b64encode(packed).decode().rstrip('=')}"
    if len(text) > LONGEST:
        raise LinkError(
            [
                Problem(
                    "",
                    f"The plan is too large for a link ({len(text):,} of {LONGEST:,} characters). "
                    "Share the plan file instead.",
                )
            ]
        )
    return text


def decode(text: str) -> Plan:
    """Read the plan of a link.

    Parameters
    ----------
    text : str
        Value of the ``plan`` parameter, from anywhere.

    Raises
    ------
    LinkError
        If the link is not valid.

    Examples
    --------
    >>> decode("v9.abc")
    Traceback (most recent call last):
    compplan.errors.LinkError: This link has version v9, but only v1 is supported. Ask for a new link or the plan file.
    """
    if len(text) > LONGEST:
        _refuse(
            f"This link has {len(text):,} characters. A plan link can have at most {LONGEST:,}. Ask for a new link."
        )
    version, dot, body = text.partition(".")
    if not dot or not re.fullmatch(r"v\d{1,4}", version):
        _refuse("This link has no plan. A plan link contains ?plan=v1. followed by the plan.")
    if version != _VERSION:
        _refuse(
            f"This link has version {version}, but only {_VERSION} is supported. Ask for a new link or the plan file."
        )
    if not body or not _ALPHABET.fullmatch(body):
        _refuse(f"This link has characters that are not allowed. {_COPY_AGAIN}")
    try:
        packed = base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))
        reader = zlib.decompressobj()
        raw = reader.decompress(packed, LARGEST)
        if reader.unconsumed_tail:
            _refuse("This link unpacks to more data than a plan can have. Ask for a new link.")
        if not reader.eof or reader.unused_data:
            _refuse(f"This link is damaged or incomplete. {_COPY_AGAIN}")
        return Plan.from_json(raw.decode())
    except PlanError as error:
        first, *others = error.problems
        more = f" (and {len(others)} more)" if others else ""
        _refuse(f"The plan in this link is not valid. {problem_text(first)}{more}", error)
    except (binascii.Error, zlib.error, UnicodeDecodeError):
        _refuse(f"This link is damaged or incomplete. {_COPY_AGAIN}")


def _refuse(sentence: str, cause: Exception | None = None) -> NoReturn:
    raise LinkError([Problem("", sentence)]) from cause
