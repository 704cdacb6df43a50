"""The table beside the kiosk: a page with everybody's cards, the printed slips and registers' moods."""

import html
import json
import re
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any
from urllib.parse import unquote

from demo.phones import draw_code
from demo.staff import PASSWORD, PEOPLE, Staff
from demo.window import Window
from demo.world import World

KNOWN_PORT = 8060

# What can be wrong with each thing on the table, Chinese and English; the first is "nothing".
PRINTER_FAULTS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "well": ("正常", "well", {}),
    "paper_out": ("缺纸", "out of paper", {"paper_out": True}),
    "cover_open": ("盖子未关", "cover open", {"cover_open": True}),
    "no_marker": ("打印结果不明", "outcome unknown", {"no_marker": True}),
    "slow": ("很慢", "slow", {"slow": 400}),
}
A4_FAULTS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "well": ("正常", "well", {}),
    "paper_out": ("缺纸", "out of paper", {"reasons": ["media-empty-error"]}),
    "jam": ("下一张卡纸", "the next sheet jams", {"at_page": 0, "at_page_reason": "media-jam-error"}),
}
READER_FAULTS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "well": ("正常", "well", {}),
    "lifted": ("读一半拿开", "card lifted half-way", {"lift_after_bytes": 400}),
    "garbled": ("信号不稳", "garbled", {"wrong_checksum": True}),
    "silent": ("没有响应", "silent", {"is_silent": True}),
}
MOODS = {"ok": "正常", "slow": "很慢", "hang": "不答", "down": "断线", "wrong_person": "答错人"}
TARGETS = {
    "population_register": "人口库",
    "household_register": "户籍库",
    "marriage_register": "婚姻登记库",
    "birth_register": "出生登记库",
    "e_licences": "电子证照",
}

PLACES = {"kiosk": "放到自助终端 on the kiosk", "window": "放到窗口读卡器 on the clerk's reader"}

PAGE = """<!doctype html>
<html lang="zh-CN"><meta charset="utf-8"><title>终端旁的桌面 · the table beside the kiosk</title>
<style>
body {{ font: 16px/1.5 "Noto Sans CJK SC", sans-serif; margin: 2rem auto; max-width: 70rem; color: #1c2733; }}
h1 {{ font-size: 1.4rem; }} h2 {{ font-size: 1.1rem; margin: 2rem 0 .5rem; }}
form {{ display: inline-block; margin: 0 .4rem .4rem 0; }}
button {{ font: inherit; padding: .4rem .8rem; border: 1px solid #8aa0b6; border-radius: .4rem; }}
button {{ background: #fff; }}
button:hover {{ background: #e8f0f8; }} .on button {{ background: #1559a5; color: #fff; }}
.slips img {{ width: 18rem; margin: 0 1rem 1rem 0; border: 1px solid #ccd5de; vertical-align: top; }}
small {{ color: #52616f; }} td {{ padding: .1rem 1rem .1rem 0; }}
</style>
<h1>终端旁的桌面 <small>The table beside the kiosk · <a href="{kiosk}">{kiosk}</a></small></h1>
<p>{said}</p>
<h2>身份证 <small>Cards: put one on the reader</small></h2>{places}{cards}
<h2>手机 <small>A phone: <a href="{phone}">{phone}</a></small></h2>
<p>省认证页填人名，如 The province's page takes a person, such as <b>chen.mother</b>.
从小程序进入 From a mini-program: <a href="/phone/wechat">微信 WeChat</a>
<a href="/phone/alipay">支付宝 Alipay</a></p>
<h2>短信 <small>Text messages, newest first; reload to see more</small></h2><table>{texts}</table>
<h2>读卡器 <small>Card reader</small></h2>{reader}
<h2>打印机 <small>Receipt printer</small></h2>{printer}
{a4}<h2>部门登记库 <small>Registers</small></h2><table>{moods}</table>
<h2>工作人员 <small>Staff: <a href="{console}">{console}</a>, password {password}</small></h2>
<p>{code}</p><table>{staff}</table>
<h2>凭条 <small>Slips, newest first; reload to see more</small></h2><div class="slips">{slips}</div>
"""


class Table:
    """Serves the page on entering, until leaving. `url` says where."""

    def __init__(
        self,
        world: World,
        port: int = KNOWN_PORT,
        staff: Staff | None = None,
        window: Window | None = None,
    ) -> None:
        self._world = world
        self._window = window
        self._staff = staff
        self._state = {"card": "", "reader": "well", "printer": "well", "a4": "well", "place": "kiosk"}
        self._acts: dict[str, Callable[[str], None]] = {
            "card": self._put_card,
            "place": self._choose_place,
            "reader": self._set_reader,
            "printer": self._set_printer,
            "a4": self._set_a4,
            "mood": self._set_mood,
        }
        self._server = ThreadingHTTPServer(("127.0.0.1", port), _handler(self))
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/"

    def __enter__(self) -> "Table":
        threading.Thread(target=self._server.serve_forever, args=(0.2,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def do(self, path: str) -> bool:
        """Do what a button asks: /card/chen.mother, /printer/paper_out, ... False when there is none."""
        act, _, value = path.strip("/").partition("/")
        if act not in self._acts:
            return False
        try:
            self._acts[act](unquote(value))
        except KeyError:
            return False
        return True

    def enter_phone(self, provider: str) -> str:
        """Where the mini-program of `provider` sends its web-view, with a login code of its one user."""
        code = draw_code(self._world.phones_url, provider, "table.phone")
        return f"{self._world.server_url}/m/enter/{provider}?code={code}"

    def get_slip(self, number: int, place: str = "kiosk") -> bytes:
        """A slip printed at the kiosk, or at the window, as PNG."""
        printer = self._window.printer if self._window and place == "window" else self._world.printer
        return printer.get_bytes(f"/slips/{number}.png")

    def render(self) -> str:
        """The page."""
        on_reader = self._state["card"]
        return PAGE.format(
            kiosk=html.escape(self._world.kiosk_url),
            said=f"读卡器上有 On the reader: {html.escape(on_reader or '—')}",
            places=self._places(),
            cards=self._cards(on_reader),
            phone=html.escape(f"{self._world.server_url}/m/"),
            texts=self._texts(),
            reader=_buttons("reader", READER_FAULTS, self._state["reader"]),
            printer=_buttons("printer", PRINTER_FAULTS, self._state["printer"]),
            a4=self._a4(),
            moods=self._moods(),
            console=html.escape(f"{self._world.server_url}/console/"),
            password=PASSWORD,
            staff=self._staff_rows(),
            code=self._pairing(),
            slips=self._slips(),
        )

    def _cards(self, on_reader: str) -> str:
        buttons = [_button("card/", "取走 take away", is_on=not on_reader)]
        for person in self._world.list_people():
            if not person.get("deceased"):
                key = f"{person['family']}.{person['role']}"
                buttons.append(
                    _button(f"card/{key}", f"{person['card']['name']} {key}", is_on=key == on_reader)
                )
        return "".join(buttons)

    def _texts(self) -> str:
        """What reached the telephones: numbers and what the texts say, as a code that is to be typed."""
        sent = [text["body"] for text in self._world.list_texts()[-5:]]
        return "".join(
            f"<tr><td>{html.escape(each['mobile'])}</td>"
            f"<td>{html.escape(', '.join(each['parameters'].values()))}</td></tr>"
            for each in reversed(sent)
        )

    def _slips(self) -> str:
        printers = {"kiosk": self._world.printer}
        if self._window:
            printers["window"] = self._window.printer
        return "".join(
            f'<img src="/slips/{place}/{number}.png" alt="">'
            for place, printer in printers.items()
            for number in range(len(printer.get("/slips")), 0, -1)
        )

    def _a4(self) -> str:
        """The A4 printer's troubles, and what lies in its tray, where there is one."""
        if not self._world.prints_results:
            return ""
        heading = "<h2>A4打印机 <small>A4 printer; reload to see more</small></h2>"
        sheets = "".join(
            f'<a href="/sheets/{job["number"]}.pdf">A4 {job["number"]}</a> '
            for job in self._world.a4_printer.get("/jobs")
            if job["sheets"]
        )
        return f"{heading}{_buttons('a4', A4_FAULTS, self._state['a4'])}<p>{sheets}</p>"

    def find_file(self, path: str) -> tuple[bytes, str] | None:
        """A slip or a sheet by its address on the page, with its media type; None when there is none."""
        if found := re.fullmatch(r"/slips/(kiosk|window)/(\d+)\.png", path):
            return self.get_slip(int(found[2]), found[1]), "image/png"
        found = re.fullmatch(r"/sheets/(\d+)\.pdf", path)
        jobs = self._world.a4_printer.get("/jobs") if found and self._world.prints_results else []
        if found is None or int(found[1]) not in [job["number"] for job in jobs]:
            return None
        return self._world.a4_printer.get_bytes(f"/documents/{found[1]}"), "application/pdf"

    def _places(self) -> str:
        """Which of the two readers cards are put on, where there is a window."""
        if self._window is None:
            return ""
        buttons = (
            _button(f"place/{place}", text, is_on=place == self._state["place"])
            for place, text in PLACES.items()
        )
        return f"<p>{''.join(buttons)}</p>"

    def _pairing(self) -> str:
        if self._window is None:
            return ""
        return f"窗口设备的配对码 The clerk's desk, pairing code: <b>{self._window.code}</b>"

    def _moods(self) -> str:
        current = self._world.ask_sandbox("GET", "/moods")
        rows = []
        for target, name in TARGETS.items():
            mood = current.get(target, "ok")
            mood = mood.get("mood", "ok") if isinstance(mood, dict) else mood
            buttons = (
                _button(f"mood/{target}/{each}", f"{zh} {each}", is_on=each == mood)
                for each, zh in MOODS.items()
            )
            rows.append(f"<tr><td>{name}<br><small>{target}</small></td><td>{''.join(buttons)}</td></tr>")
        return "".join(rows)

    def _staff_rows(self) -> str:
        staff = self._staff
        if staff is None:
            return ""
        return "".join(
            f"<tr><td>{login}</td><td>{html.escape(name)}</td><td>{role} {department or ''}</td>"
            f"<td>{staff.code_of(login)}</td></tr>"
            for login, name, role, department in PEOPLE
        )

    def _choose_place(self, place: str) -> None:
        if self._window is None or place not in PLACES:
            raise KeyError(place)
        self._put_card("")
        self._state["place"] = place

    def _put_card(self, person: str) -> None:
        at_window = self._window is not None and self._state["place"] == "window"
        reader = self._window.card_reader if self._window and at_window else self._world.card_reader
        if person:
            reader.put("/card", self._world.get_card(person))
        else:
            reader.delete("/card")
        self._state["card"] = person

    def _set_reader(self, fault: str) -> None:
        self._world.card_reader.put("/faults", READER_FAULTS[fault][2])
        self._state["reader"] = fault

    def _set_printer(self, fault: str) -> None:
        self._world.printer.put("/faults", PRINTER_FAULTS[fault][2])
        self._state["printer"] = fault

    def _set_a4(self, fault: str) -> None:
        self._world.a4_printer.put("/faults", A4_FAULTS[fault][2])
        self._state["a4"] = fault

    def _set_mood(self, value: str) -> None:
        target, _, mood = value.partition("/")
        if target not in TARGETS or mood not in MOODS:
            raise KeyError(value)
        self._world.ask_sandbox("PUT", f"/moods/{target}", {"mood": mood, "seconds": 3})


def _buttons(act: str, faults: dict[str, tuple[str, str, dict[str, Any]]], current: str) -> str:
    return "".join(
        _button(f"{act}/{fault}", f"{zh} {en}", is_on=fault == current)
        for fault, (zh, en, _) in faults.items()
    )


def _button(path: str, text: str, *, is_on: bool) -> str:
    mark = ' class="on"' if is_on else ""
    return f'<form method="post" action="/{path}"{mark}><button>{html.escape(text)}</button></form>'


def _handler(table: Table) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        """One request of the page."""

        def do_GET(self) -> None:
            """The page, or a slip."""
            if self.path == "/":
                return self._send(200, table.render().encode(), "text/html; charset=utf-8")
            if self.path in ("/phone/wechat", "/phone/alipay"):
                return self._lead(table.enter_phone(self.path.removeprefix("/phone/")))
            if (file := table.find_file(self.path)) is not None:
                return self._send(200, *file)
            return self._send(404, json.dumps({"error": "nothing here"}).encode(), "application/json")

        def do_POST(self) -> None:
            """A button; the browser goes back to the page."""
            if not table.do(self.path):
                return self._send(404, json.dumps({"error": "nothing here"}).encode(), "application/json")
            return self._lead("/")

        def _lead(self, address: str) -> None:
            self.send_response(303)
            self.send_header("Location", address)
            self.send_header("Content-Length", "0")
            return self.end_headers()

        def _send(self, status: int, body: bytes, media_type: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", media_type)
            self.send_header("Cache-Control", "no-store")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Quiet: the terminal is for addresses."""

    return Handler
