"""The page, its files, and how a browser is let in."""

import html
from pathlib import Path
from string import Template
from urllib.parse import parse_qs

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.paths import resource
from app.server.access.entrance import COOKIE
from app.server.access.people import COOKIE_SECONDS, People
from app.server.refusals import not_found

_FILES = {
    "page.css": "text/css",
    "page.js": "text/javascript",
    "icon.svg": "image/svg+xml",
    "reelfind.webmanifest": "application/manifest+json",
}
_FIELD = (
    '<input name="token" type="password" aria-label="Token" placeholder="Token" maxlength="200" '
    'autocomplete="current-password" required autofocus><button class="primary">Open</button>'
)
_LINK = (
    '<input type="hidden" name="code" value="{}">'
    '<button class="primary" autofocus>Open on this device</button>'
)


def page_router(people: People) -> APIRouter:
    """The routes of what a browser shows."""
    router = APIRouter(include_in_schema=False)
    folder = resource("server_page")

    @router.get("/")
    async def page() -> Response:
        """The page; it sends a browser that is not known here to the entrance."""
        return HTMLResponse((folder / "index.html").read_bytes())

    @router.get("/enter")
    async def enter(code: str = "") -> Response:
        """A link is opened, or a token asked for. What only looks at a link must not use it up."""
        if code:
            said = "Find moments in the videos of this household."
            return _entrance(folder, said, _LINK.format(html.escape(code[:100], quote=True)))
        return _entrance(folder, "Type the token that “reelfind serve” printed.", _FIELD)

    @router.post("/enter")
    async def let_in(request: Request) -> Response:
        """A link or a token is handed in."""
        body = (await request.body()).decode("utf-8", "replace")
        given = parse_qs(body) if body.count("&") < 4 else {}
        person = people.use_link(given.get("code", [""])[0])
        if person is None:
            person = people.with_token(given.get("token", [""])[0].strip())
        if person is None:
            said = "That link was used or is too old, or the token is another one."
            return _entrance(folder, said, _FIELD, 403)
        response = RedirectResponse("/", 303)
        port = (request.scope.get("server") or ("", 0))[1]
        response.set_cookie(
            f"{COOKIE}-{port}",
            people.cookie_for(person),
            max_age=COOKIE_SECONDS,
            httponly=True,
            samesite="strict",
            secure=request.url.scheme == "https",
        )
        return response

    @router.get("/page/{name}")
    async def file(name: str) -> Response:
        """One of the page's files."""
        if name not in _FILES:
            raise not_found("There is no such file.")
        path = resource("reelfind.svg") if name == "icon.svg" else folder / name
        return Response(path.read_bytes(), headers={"Cache-Control": "no-cache"}, media_type=_FILES[name])

    return router


def _entrance(folder: Path, said: str, fields: str, status: int = 200) -> Response:
    page = Template((folder / "enter.html").read_text("utf-8"))
    return HTMLResponse(page.substitute(said=html.escape(said), fields=fields), status)
