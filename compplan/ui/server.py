"""What the front door needs beside the pages: routes, response headers, and a warm start."""

import asyncio
import base64
import gc
import gzip
import hashlib
import importlib
import re
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from urllib.parse import urlsplit

import streamlit
from starlette.concurrency import run_in_threadpool
from starlette.formparsers import MultiPartParser
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from compplan.ui import components, picture

# Modules that every session needs: imported before the first visitor comes
WARM_MODULES = (
    "numpy",
    "pandas",
    "compplan.plan",
    "compplan.payout",
    "compplan.charts",
    "compplan.templates",
)

LARGEST_UPLOAD = 64 * 2**20  # far above `server.maxUploadSize`
FOREVER = "public, max-age=31536000, immutable"


@dataclass
class _Served:
    """What the warm-up made ready."""

    plotly: bytes = b""
    plotly_gzip: bytes = b""
    warm: bool = False


_served = _Served()


def warm() -> None:
    """Import and prepare what the first visitor would otherwise wait for."""
    for module in WARM_MODULES:
        importlib.import_module(module)
    components.register()
    # Uploads hold people's pay: they stay in memory, where Starlette would write those above 1 MB to the disk.
    MultiPartParser.spool_max_size = max(MultiPartParser.spool_max_size, LARGEST_UPLOAD)
    _served.plotly = files("plotly").joinpath("package_data", "plotly.min.js").read_bytes()
    _served.plotly_gzip = gzip.compress(_served.plotly, compresslevel=6, mtime=0)
    # Streamlit collects garbage after every rerun. What is alive now stays alive, so no collection need look
    # at it: that alone takes some 90 ms off every move of a slider.
    gc.collect()
    gc.freeze()
    _served.warm = True


@asynccontextmanager
async def lifespan(_app: object) -> AsyncGenerator[None, None]:
    """Warm up before the first request is answered."""
    await asyncio.to_thread(warm)
    yield


async def healthz(_request: Request) -> Response:
    """Say whether the server is ready for visitors."""
    return PlainTextResponse("ok" if _served.warm else "warming up", status_code=200 if _served.warm else 503)


async def plotly_script(request: Request) -> Response:
    """Send the script of the installed plotly package, compressed where the browser takes that."""
    headers = {"cache-control": FOREVER, "vary": "accept-encoding"}
    body = _served.plotly
    if "gzip" in request.headers.get("accept-encoding", ""):
        body = _served.plotly_gzip
        headers["content-encoding"] = "gzip"
    return Response(body, media_type="text/javascript", headers=headers)


# Two at a time: pictures are made by one interpreter, and pages need their turn.
_pictures = asyncio.Semaphore(2)


async def live_picture(request: Request) -> Response:
    """The picture of a view while a slider moves: a pure function of the request, which no session hears of."""
    headers = {"cache-control": "no-store"}
    if not _same_origin(request):
        return JSONResponse({"error": "only for the pages of this server"}, status_code=403, headers=headers)
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > picture.LARGEST_REQUEST:
            return JSONResponse({"error": "too large"}, status_code=413, headers=headers)
    async with _pictures:
        status, told = await run_in_threadpool(picture.answer, body)
    return Response(told, status_code=status, media_type="application/json", headers=headers)


def _same_origin(request: Request) -> bool:
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")


# Any prefix, since the app may be served below a base path
routes: Sequence[Route] = (
    Route("/{base:path}healthz", healthz),
    Route(f"/{{base:path}}{components.PLOTLY_PATH}", plotly_script),
    Route(f"/{{base:path}}{components.LIVE_PATH}", live_picture, methods=["POST"]),
)


def content_security_policy(index_html: str) -> str:
    """Only what this server sends may run; the inline scripts of Streamlit's page are named by their hash.

    Streamlit loads components from `blob:` addresses and compiles WebAssembly, Plotly draws through `data:` images.
    """
    inline = re.findall(r"<script>(.*?)</script>", index_html, flags=re.DOTALL)
    digests = [base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in inline]
    hashes = " ".join(f"'sha256-{digest}'" for digest in digests)
    rules = {
        "default-src": "'self'",
        "script-src": f"'self' {hashes} 'wasm-unsafe-eval' blob:",
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "font-src": "'self' data:",
        "connect-src": "'self'",
        "worker-src": "'self' blob:",
        "object-src": "'none'",
        "base-uri": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }
    return "; ".join(f"{name} {sources}" for name, sources in rules.items())


class Headers:
    """Security headers on every response; on the page itself a hint to fetch Plotly while Streamlit starts."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        page = Path(streamlit.__file__).parent / "static" / "index.html"
        policy = content_security_policy(page.read_text(encoding="utf-8"))
        self.always = [
            (b"content-security-policy", policy.encode()),
            (b"x-content-type-options", b"nosniff"),
            (b"x-frame-options", b"DENY"),
            (b"referrer-policy", b"same-origin"),
            (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
        ]
        self.on_page = [(b"link", f"<./{components.PLOTLY_PATH}>; rel=preload; as=script".encode())]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on; what is no HTTP (websockets) untouched."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                sent = list(message["headers"])
                is_page = any(name == b"content-type" and value.startswith(b"text/html") for name, value in sent)
                message["headers"] = sent + self.always + (self.on_page if is_page else [])
            await send(message)

        await self.app(scope, receive, send_with_headers)


middleware: Sequence[Middleware] = (Middleware(Headers),)
