"""Plan links: a plan packed into a URL parameter, and unpacked within limits as untrusted input."""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from typing import NoReturn

from compplan.errors import LinkError, PlanError, Problem
from compplan.plan import Plan

LONGEST = 8_000
LARGEST = 200_000
_VERSION = "v1"
_ALPHABET = re.compile(r"[A-Za-z0-9_-]*")


def encode(plan: Plan) -> str:
    """The value of the ``plan`` parameter of a link: version, dot, canonical JSON as zlib packs it, in base64url.

    Raises
    ------
    LinkError
        If the plan does not fit into a link; a file takes it.

    Examples
    --------
    >>> from compplan import templates
    >>> plan = templates.load("flowfuse-csm")
    >>> encode(plan)[:3], decode(encode(plan)) == plan
    ('v1.', True)
    """
    # With the checksum of zlib's own format: a link read wrong by one character would often be another plan.
    packed = zlib.compress(plan.to_json().encode(), 9)
    text = f"{_VERSION}.{base64.urlsafe_b64encode(packed).decode().rstrip('=')}"
    if len(text) > LONGEST:
        raise LinkError(
            [
                Problem(
                    "",
                    f"the plan is too large for a link ({len(text):,} of {LONGEST:,} characters); use a file.",
                )
            ]
        )
    return text


def decode(text: str) -> Plan:
    """The plan of a link.

    Parameters
    ----------
    text : str
        Value of the ``plan`` parameter, from anywhere.

    Raises
    ------
    LinkError
        With one sentence that says what is wrong with the link.

    Examples
    --------
    >>> decode("v9.abc")
    Traceback (most recent call last):
    compplan.errors.LinkError: this link is of version v9; this program reads v1. Ask for a new link or a file.
    """
    if len(text) > LONGEST:
        _refuse(f"this link is too long ({len(text):,} characters; at most {LONGEST:,}).")
    version, dot, body = text.partition(".")
    if not dot or not re.fullmatch(r"v\d{1,4}", version):
        _refuse("this link holds no plan; a plan link has ?plan=v1. and the plan after it.")
    if version != _VERSION:
        _refuse(f"this link is of version {version}; this program reads {_VERSION}. Ask for a new link or a file.")
    if not body or not _ALPHABET.fullmatch(body):
        _refuse("this link is damaged: it has characters that no plan link has. Copy it again, whole.")
    try:
        packed = base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))
        reader = zlib.decompressobj()
        raw = reader.decompress(packed, LARGEST)
        if reader.unconsumed_tail:
            _refuse("this link unpacks to more than any plan.")
        if not reader.eof or reader.unused_data:
            _refuse("this link is damaged or cut short. Copy it again, whole.")
        return Plan.from_json(raw.decode())
    except PlanError as error:
        first, *others = error.problems
        more = f" (and {len(others)} more)" if others else ""
        _refuse(f"this link holds no sound plan: {first}{more}", error)
    except (binascii.Error, zlib.error, UnicodeDecodeError):
        _refuse("this link is damaged or cut short. Copy it again, whole.")


def _refuse(sentence: str, cause: Exception | None = None) -> NoReturn:
    raise LinkError([Problem("", sentence)]) from cause
