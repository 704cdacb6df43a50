"""Who else has a hand in an application while Jest runs: a clerk, a kiosk, and the worker that sends texts.

They stand behind one address, each asked by ``POST``: /supplements ``{"number"}`` has the clerk ask for one,
/texts ``{"mobile"}`` has the worker do what is due and answers with the code of the last text to that number,
/forms and /papers ``{}`` have somebody at a kiosk show the code that hands over a form or asks for a paper.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import requests

from onething.domain.actors import Actor
from onething.domain.records import Session
from onething.ports import Ports
from onething.services import accepting, consenting, handing_over, signing_in
from onething.services.filling import open_draft
from onething.worker import Worker
from tests.http.world import enrol_kiosk

CLERK = Actor("clerk-1", "staff", roles=frozenset({"clerk"}))
ROUNDS = 200
# Who stands at a kiosk to hand over a form, and who to have a paper photographed.
FORM_OF, PAPER_OF = ("rare", "mother"), ("liu", "mother")


class Desk:
    """All of them; ``admin`` is where the sandbox says what went out, ``cards`` are the people's."""

    def __init__(self, ports: Ports, admin: str, cards: Mapping[tuple[str, str], Any]) -> None:
        self._ports = ports
        self._admin = admin
        self._cards = cards

    def ask_for_supplement(self, said: Mapping[str, Any]) -> dict[str, Any]:
        """Miss a page and the mobile number of a birth, and say so in one notice."""
        _, catalog = self._ports.catalogs.current()
        material = next(iter(catalog.get_thing("P-NEWBORN").materials))
        wants = [
            {"material": material, "zh": "这一页看不清", "en": "This page cannot be read"},
            {"fact": "application.mobile", "zh": "手机号打不通", "en": "Nobody answers"},
            {"zh": "请带宝宝来窗口一次", "en": "Please come once"},
        ]
        accepting.want_supplement(self._ports, CLERK, said["number"], matter=None, wants=wants)
        accepting.ask_supplement(self._ports, CLERK, said["number"])
        return {}

    def read_text(self, said: Mapping[str, Any]) -> dict[str, Any]:
        """What stands in the last text message to a number."""
        worker = Worker(self._ports, "desk")
        for _ in range(ROUNDS):
            if not worker.work_once():
                break
        texts = [each["body"] for each in requests.get(f"{self._admin}/texts", timeout=10).json()]
        [*_, last] = [text["parameters"] for text in texts if text["mobile"] == said["mobile"]]
        return {"code": last["code"]}

    def show_form(self, _said: Mapping[str, Any]) -> dict[str, Any]:
        """What a kiosk's QR says when its person goes on with a phone, and the draft."""
        session = self._sit("K-09", FORM_OF)
        draft = open_draft(self._ports, session, "P-NEWBORN", None, {})
        shown = handing_over.show(self._ports, session, draft["id"], "form", None)
        return {"draft": draft["id"], "text": shown["text"]}

    def show_paper(self, _said: Mapping[str, Any]) -> dict[str, Any]:
        """What it says when any phone may photograph one paper."""
        session = self._sit("K-10", PAPER_OF)
        draft = open_draft(self._ports, session, "P-NEWBORN", None, {})
        refusing = {source["id"]: False for source in draft["consent"]["sources"]}
        draft = consenting.consent(self._ports, session, draft["id"], refusing)
        material = next(each["id"] for each in draft["materials"] if each["state"] == "to_submit")
        shown = handing_over.show(self._ports, session, draft["id"], "photographs", material)
        return {"draft": draft["id"], "text": shown["text"]}

    def _sit(self, kiosk: str, person: tuple[str, str]) -> Session:
        with self._ports.records.read() as uow:
            terminal = uow.terminals.find(enrol_kiosk(self._ports, kiosk).id)
        assert terminal is not None
        started = signing_in.start_session(self._ports, terminal, self._cards[person])
        return signing_in.get_session(self._ports, terminal.id, started["token"])


@contextmanager
def serve(desk: Desk) -> Iterator[str]:
    """The desk on a port of its own, one request after the other; its address."""
    acts = {
        "/supplements": desk.ask_for_supplement,
        "/texts": desk.read_text,
        "/forms": desk.show_form,
        "/papers": desk.show_paper,
    }

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            answer = json.dumps(acts[self.path](json.loads(body))).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_said: object) -> None:
            """Nothing: what goes wrong is said by the thread's own traceback."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join(10)
