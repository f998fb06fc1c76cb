"""Pages of auth: coming in and going out."""

from __future__ import annotations

from typing import Annotated, Any, Final

from litestar import Request, Response, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body
from litestar.response import Redirect
from msgspec import Struct

from rambla.auth import account_web
from rambla.auth.actions import Entrance
from rambla.auth.cookies import SessionCookie
from rambla.auth.destinations import HOME, local
from rambla.auth.limiter import within
from rambla.auth.middleware import digest_of, visitor_of
from rambla.auth.sessions import Sessions
from rambla.errors import Problem
from rambla.kit.db import Caller
from rambla.kit.pages import Pages

AnyRequest = Request[Any, Any, Any]
Answer = Response[bytes] | Redirect


class SignInForm(Struct, frozen=True, kw_only=True):
    name: str = ""
    password: str = ""
    next: str = HOME


Form = Annotated[SignInForm, Body(media_type=RequestEncodingType.URL_ENCODED)]


@get("/sign-in")
async def form(request: AnyRequest, caller: Caller, pages: Pages, next: str = HOME) -> Answer:  # noqa: A002 - the address's word
    """The sign-in page; who is signed in goes on to where they wanted to."""
    if caller.user_id:
        return _see(local(next))
    return _page(request, pages, SignInForm(next=local(next)))


@post("/sign-in", guards=[within("sign_in")])
async def sign_in(
    request: AnyRequest, data: Form, pages: Pages, entrance: Entrance, cookie: SessionCookie
) -> Answer:
    """Sign in with a handle or an e-mail address and a password."""
    try:
        token = await entrance.by_password(
            data.name.strip(), data.password, kind="cookie", visitor=visitor_of(request)
        )
    except Problem as problem:
        if problem.code != "wrong_credentials":
            raise
        return _page(request, pages, data, problem)
    return _enter(token, cookie, local(data.next))


@post("/sign-out")
async def sign_out(
    request: AnyRequest, caller: Caller, sessions: Sessions, cookie: SessionCookie
) -> Redirect:
    """End this session."""
    if caller.user_id:
        await sessions.end(caller, digest_of(request))
    return Redirect("/sign-in", status_code=303, cookies=[cookie.clear()])


@get("/welcome/{token:str}")
async def welcome(request: AnyRequest, token: str, pages: Pages) -> Response[bytes]:
    """A button. The link itself does nothing, because mail scanners follow links."""
    return pages.render(request, "auth/welcome.html", viewer=None, token=token)


@post("/welcome/{token:str}", guards=[within("sign_in")])
async def enter(request: AnyRequest, token: str, entrance: Entrance, cookie: SessionCookie) -> Redirect:
    """Use a one-time link up and sign in."""
    return _enter(await entrance.by_link(token, visitor=visitor_of(request)), cookie, HOME)


HANDLERS: Final = [form, sign_in, sign_out, welcome, enter, *account_web.HANDLERS]


def _page(
    request: AnyRequest, pages: Pages, form: SignInForm, problem: Problem | None = None
) -> Response[bytes]:
    return pages.render(
        request,
        "auth/sign_in.html",
        viewer=None,
        status=problem.status if problem else 200,
        form=form,
        problem=problem,
    )


def _enter(token: str, cookie: SessionCookie, destination: str) -> Redirect:
    return Redirect(destination, status_code=303, cookies=[cookie.set(token)])


def _see(destination: str) -> Redirect:
    return Redirect(destination, status_code=303)
