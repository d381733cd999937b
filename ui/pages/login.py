"""Logging in and out."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from ui import sessions
from ui.compose import House
from ui.pages import shell
from ui.pages.forms import local, sent
from ui.people import person_of
from ui.words import BOOK


def routes(house: House) -> list[Route]:
    """/login, and /logout by POST."""

    def form(request: Request) -> Response:
        onward = local(request.query_params.get("next", ""))
        if house.settings.accounts == "off" or person_of(request).name:
            return RedirectResponse(f"./{onward}", 303)
        return _form(request, onward)

    async def log_in(request: Request) -> Response:
        if house.settings.accounts == "off":
            return RedirectResponse("./", 303)
        fields = await sent(request)
        name, onward = fields.get("name", "").strip(), local(fields.get("next", ""))
        address = sessions.address_of(request)
        done = await run_in_threadpool(sessions.log_in, house, name, fields.get("password", ""), address)
        if done.token:
            response: Response = RedirectResponse(f"./{onward}", 303)
            sessions.remember(response, done.token, request, house.settings)
            return response
        words = BOOK["people"]
        told = words["wait"].format(minutes=done.wait) if done.wait else words["wrong"]
        return _form(request, onward, told=told, said=name[:200], status=429 if done.wait else 422)

    def log_out(request: Request) -> Response:
        person, token = person_of(request), request.cookies.get(sessions.COOKIE)
        if token and person.name:
            house.store.accounts.end(token)
            house.store.audit.note(person.name, "login.ended")
        response = RedirectResponse("login", 303)
        sessions.forget(response, request, house.settings)
        return response

    return [
        Route("/login", form, methods=["GET"]),
        Route("/login", log_in, methods=["POST"]),
        Route("/logout", log_out, methods=["POST"]),
    ]


def _form(request: Request, onward: str, *, told: str = "", said: str = "", status: int = 200) -> Response:
    response = shell.show(request, "login.html", "login", status, next=onward, told=told, said=said)
    response.headers["Cache-Control"] = "no-store"
    return response
