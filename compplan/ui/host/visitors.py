"""What one visitor may use of the server: sockets, messages and uploads, by client and in all."""

from __future__ import annotations

import json
import re
import threading
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import Any, cast

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from compplan.access import Right
from compplan.store.throttle import client_key
from compplan.ui.host import deployment

USER_COOKIE = "_streamlit_user"
_SOCKET = "/_stcore/stream"
_UPLOAD = re.compile(r"/_stcore/upload_file/(?P<session>[^/]+)/[^/]+/?\Z")
_MB = 2**20
# Close codes of RFC 6455 and its registry
_POLICY, _TOO_LARGE, _TRY_LATER = 1008, 1009, 1013


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of visitors without a sign-in, and of uploads by anyone.

    Attributes
    ----------
    sockets_per_client, sockets : int
        Open pages of visitors, from one address and in all.
    message : int [bytes]
        Of one message from a visitor's page.
    messages : int
        From a visitor's page in any minute.
    session, server : int [bytes]
        Uploads that one page and that all pages may keep in memory.
    """

    sockets_per_client: int = 60
    sockets: int = 300
    message: int = 256 * 1024
    messages: int = 600
    session: int = 100 * _MB
    server: int = 1024 * _MB


LIMITS = Limits()


def raise_descriptor_limit(wanted: int = 65_536) -> None:
    """Let the process open as many sockets and files as the system allows it, up to a limit."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


def may_read(headers: Headers) -> bool:
    """Return whether the cookies of a request belong to a signed-in person with the right to read.

    On a single computer without sign-in, everyone who reaches the server may.
    """
    team = deployment.team()
    if team is None:
        return True
    claims = _claims(headers.get("cookie", ""))
    return (
        bool(claims.get("is_logged_in"))
        and not team.expired(claims, time.time())
        and team.actor(claims).may(Right.READ)
    )


class Visitors:
    """Middleware that counts what visitors hold, and refuses more than the limits.

    A socket of a visitor beyond the limits is closed with 1013 (try again later), an upload with 401, if nobody is
    signed in, or 413.
    """

    def __init__(self, app: ASGIApp, *, limits: Limits = LIMITS) -> None:
        self.app = app
        self.limits = limits
        self._lock = threading.Lock()
        self._sockets: Counter[str] = Counter()
        self._arriving: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is within the limits."""
        path = str(scope.get("path", ""))
        if scope["type"] == "websocket" and path.endswith(_SOCKET) and not may_read(Headers(scope=scope)):
            await self._visitor_socket(scope, receive, send)
        elif scope["type"] == "http" and scope["method"] in ("PUT", "POST") and (upload := _UPLOAD.search(path)):
            await self._upload(upload["session"], scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _visitor_socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        client = client_key((scope.get("client") or ("", 0))[0])
        with self._lock:
            full = (
                self._sockets[client] >= self.limits.sockets_per_client or self._sockets.total() >= self.limits.sockets
            )
            if not full:
                self._sockets[client] += 1
        if full:
            await receive()  # the request to connect
            await send({"type": "websocket.accept"})
            await send({"type": "websocket.close", "code": _TRY_LATER, "reason": "Too many open pages."})
            return
        try:
            await self.app(scope, _Bounded(receive, send, self.limits), send)
        finally:
            with self._lock:
                self._sockets[client] -= 1
                if not self._sockets[client]:
                    del self._sockets[client]

    async def _upload(self, session: str, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        if not may_read(headers):
            await PlainTextResponse("Sign in to upload a file.\n", status_code=401)(scope, receive, send)
            return
        length = headers.get("content-length", "")
        # Without a length the body may be as large as any upload; Streamlit stops reading there.
        size = int(length[:12]) if length.isascii() and length.isdigit() else _largest_upload()
        kept_here, kept = _kept(session)
        with self._lock:
            here = kept_here + self._arriving[session] + size
            everywhere = kept + self._arriving.total() + size
            full = here > self.limits.session or everywhere > self.limits.server
            if not full:
                self._arriving[session] += size
        if full:
            own = here > self.limits.session
            sentence = (
                f"This page holds at most {self.limits.session // _MB} MB of uploads. Remove a file or reload the page."
                if own
                else "The server holds as many uploads as it can. Try again later."
            )
            await PlainTextResponse(sentence + "\n", status_code=413)(scope, receive, send)
            return
        try:
            await self.app(scope, receive, send)
        finally:
            with self._lock:
                self._arriving[session] -= size
                if not self._arriving[session]:
                    del self._arriving[session]


class _Bounded:
    """Messages of one visitor's socket, which ends when they are too large or too many."""

    def __init__(self, receive: Receive, send: Send, limits: Limits) -> None:
        self._receive, self._send, self._limits = receive, send, limits
        self._left = float(limits.messages)
        self._updated = time.monotonic()

    async def __call__(self) -> Message:
        message = await self._receive()
        if message["type"] != "websocket.receive":
            return message
        now = time.monotonic()
        refill = (now - self._updated) * self._limits.messages / 60.0
        self._left, self._updated = min(float(self._limits.messages), self._left + refill) - 1.0, now
        size = len(message.get("bytes") or b"") + len(message.get("text") or "")
        code = _TOO_LARGE if size > self._limits.message else _POLICY if self._left < 0 else None
        if code is None:
            return message
        await self._send({"type": "websocket.close", "code": code})
        return {"type": "websocket.disconnect", "code": code}


def cookies_of(header: str) -> dict[str, str]:
    """Return the cookies of a header by name; none if it is malformed."""
    try:
        return {name: morsel.value for name, morsel in SimpleCookie(header).items()}
    except CookieError:
        return {}


def _claims(cookie_header: str) -> Mapping[str, Any]:
    """Return what the identity provider said of a signed-in person; empty without a valid cookie."""
    from streamlit.auth_util import get_cookie_with_chunks
    from streamlit.web.server.server_util import get_cookie_secret
    from streamlit.web.server.starlette.starlette_app_utils import decode_signed_value

    cookies = cookies_of(cookie_header)
    if USER_COOKIE not in cookies:
        return {}

    def signed(name: str) -> bytes | None:
        value = cookies.get(name)
        return None if value is None else decode_signed_value(get_cookie_secret(), name, value.encode("latin-1"))

    try:
        claims: Any = json.loads(get_cookie_with_chunks(signed, USER_COOKIE) or b"{}")
    except (ValueError, UnicodeError):
        return {}
    return cast("dict[str, Any]", claims) if isinstance(claims, dict) else {}


def _largest_upload() -> int:
    import streamlit as st

    return (int(st.get_option("server.maxUploadSize")) + 1) * _MB


def _kept(session: str) -> tuple[int, int]:
    """Return the bytes of uploads in memory: of one session, and of all."""
    from streamlit.runtime import get_instance

    manager: Any = get_instance().uploaded_file_mgr
    files: Mapping[str, Mapping[str, Any]] = manager.file_storage
    sizes = {name: sum(len(file.data) for file in list(kept.values())) for name, kept in list(files.items())}
    return sizes.get(session, 0), sum(sizes.values())
