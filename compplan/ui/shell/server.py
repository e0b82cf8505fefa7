"""The server around the pages: routes, middleware, and the warm start."""

import asyncio
import gc
import gzip
import importlib
import logging
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.formparsers import MultiPartParser
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from compplan import access
from compplan.errors import CompPlanError
from compplan.ui.designer import live
from compplan.ui.host import deployment, security, visitors
from compplan.ui.widgets import components
from compplan.ui.workspace.autosave import autosave

# Modules that every session needs: imported before the first visitor comes
WARM_MODULES = (
    "numpy",
    "pandas",
    "compplan.plan",
    "compplan.payout",
    "compplan.charts",
    "compplan.templates",
    "compplan.store",
    "compplan.review",
    "compplan.ui.navigation",
    "compplan.ui.designer.controls",
    "compplan.ui.designer.conditions",
    "compplan.ui.designer.page",
    "compplan.ui.shell.header",
    "compplan.ui.workspace.work",
)

_LOGGER = logging.getLogger(__name__)
FOREVER = "public, max-age=31536000, immutable"


@dataclass
class _Served:
    """What the warm-up prepared."""

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
    MultiPartParser.spool_max_size = max(MultiPartParser.spool_max_size, security.LARGEST_BODY)
    _served.plotly = files("plotly").joinpath("package_data", "plotly.min.js").read_bytes()
    _served.plotly_gzip = gzip.compress(_served.plotly, compresslevel=6, mtime=0)
    # Streamlit collects garbage after every rerun. What is alive now stays alive, so no collection need look
    # at it: that alone takes some 90 ms off every move of a slider.
    gc.collect()
    gc.freeze()
    _served.warm = True


def secrets() -> dict[str, Any] | None:
    """What Streamlit needs for signing in; None on a laptop.

    Raises
    ------
    AccessError
        If sign-in is configured and something of it is missing.
    """
    team = deployment.team()
    return None if team is None else {"auth": access.streamlit_auth(team)}


@asynccontextmanager
async def lifespan(_app: object) -> AsyncGenerator[None, None]:
    """Refuse to listen where that would be open to strangers, warm up, and open the store beside."""
    access.check_listen_address(str(st.get_option("server.address") or ""), deployment.team())
    visitors.raise_descriptor_limit()
    await asyncio.to_thread(warm)
    opening = asyncio.create_task(asyncio.to_thread(_open_store))
    yield
    await opening
    await asyncio.to_thread(autosave.flush)
    await asyncio.to_thread(deployment.close)


def _open_store() -> None:
    """Bring the database up to date before somebody saves; pages work without it, and say so."""
    try:
        deployment.store()
    except CompPlanError as error:
        _LOGGER.warning("Saved plans are unavailable: %s", error)


async def healthz(_request: Request) -> Response:
    """Say whether the server is alive and warm."""
    return PlainTextResponse("ok" if _served.warm else "warming up", status_code=200 if _served.warm else 503)


async def readyz(_request: Request) -> Response:
    """Say whether the server is ready for visitors: warm, and its database answers."""
    try:
        answers = await asyncio.wait_for(asyncio.to_thread(lambda: deployment.store().ready()), timeout=5)
    except CompPlanError as error:
        _LOGGER.warning("Not ready: %s", error)
        answers = False
    except TimeoutError:
        answers = False
    if not answers:
        return PlainTextResponse("the database does not answer", status_code=503)
    return await healthz(_request)


async def plotly_script(request: Request) -> Response:
    """Send the script of the installed plotly package, compressed where the browser takes that."""
    headers = {"cache-control": FOREVER, "vary": "accept-encoding"}
    body = _served.plotly
    if "gzip" in request.headers.get("accept-encoding", ""):
        body = _served.plotly_gzip
        headers["content-encoding"] = "gzip"
    return Response(body, media_type="text/javascript", headers=headers)


# Two at a time: one interpreter computes pictures, and pages need it too.
_pictures = asyncio.Semaphore(2)


async def live_picture(request: Request) -> Response:
    """The picture of a view while a slider moves: a pure function of the request, which no session hears of."""
    headers = {"cache-control": "no-store"}
    if not security.same_origin(request.headers):
        return JSONResponse({"error": "only for the pages of this server"}, status_code=403, headers=headers)
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > live.LARGEST_REQUEST:
            return JSONResponse({"error": "too large"}, status_code=413, headers=headers)
    async with _pictures:
        status, content = await run_in_threadpool(live.answer, body, deployment.team() is not None)
    return Response(content, status_code=status, media_type="application/json", headers=headers)


# Any prefix, since the app may be served below a base path
routes: Sequence[Route] = (
    Route("/{base:path}healthz", healthz),
    Route("/{base:path}readyz", readyz),
    Route(f"/{{base:path}}{components.PLOTLY_PATH}", plotly_script),
    Route(f"/{{base:path}}{components.LIVE_PATH}", live_picture, methods=["POST"]),
)


# The first is the outermost.
middleware: Sequence[Middleware] = (
    Middleware(security.Headers, preload=components.PLOTLY_PATH),
    Middleware(security.Guard),
    Middleware(visitors.Visitors),
    Middleware(security.WayBack),
)
