"""The sandbox's doors as a stranger on the wire finds them, and how its process ends."""

import json
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from sandbox.running import RunningSandbox
from sandbox.signature import sign
from sandbox.tokens import write_tokens

PURPOSE = {"case": "draft-1", "thing": "P-NEWBORN", "matters": [], "actor": "s", "reason": "出生登记"}


def post(sandbox: RunningSandbox, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, Any]:
    request = urllib.request.Request(sandbox.url + path, data=body, headers=headers, method="POST")
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, json.load(refused)


def signed(sandbox: RunningSandbox) -> dict[str, str]:
    return sign("onething", json.loads(sandbox.token_file.read_text())["onething"])


def test_nothing_is_said_without_a_signature(sandbox: RunningSandbox) -> None:
    for path in ("/registers/birth_register/records", "/e-licences/queries", "/departments/WJ/parts"):
        status, answer = post(sandbox, path, b"{}", {})
        assert (status, answer["message"], answer["data"]) == (401, "signature_missing", None)


def test_a_departments_token_opens_no_register(sandbox: RunningSandbox) -> None:
    tokens = json.loads(sandbox.token_file.read_text())["departments"]
    headers = sign("WJ", tokens["WJ"])
    assert post(sandbox, "/registers/birth_register/records", b"{}", headers)[0] == 401


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"asked": {"self.id_number": "1"}},
        {"asked": {"self.id_number": "1"}, "purpose": PURPOSE | {"reason": ""}},
        {"asked": {"self.id_number": "1"}, "purpose": PURPOSE | {"reason": "x" * 201}},
        {"asked": {}, "purpose": PURPOSE},
        [],
        "text",
    ],
)
def test_a_question_without_purpose_or_person_is_not_answered(sandbox: RunningSandbox, body: Any) -> None:
    path = "/registers/population_register/records"
    _, answer = post(sandbox, path, json.dumps(body).encode(), signed(sandbox))
    assert (answer["code"], answer["data"]) == (40001, None)


def test_a_body_that_is_no_json_is_not_answered(sandbox: RunningSandbox) -> None:
    for body in (b"\xff", b"{", b""):
        answer = post(sandbox, "/registers/population_register/records", body, signed(sandbox))[1]
        assert answer["code"] == 40001


def test_a_part_without_a_key_is_refused(sandbox: RunningSandbox) -> None:
    status, answer = post(sandbox, "/departments/WJ/parts", b"{}", signed(sandbox))
    assert (status, answer["code"]) == (400, 40001)


def test_an_unknown_mood_or_habit_is_refused(sandbox: RunningSandbox) -> None:
    with pytest.raises(urllib.error.HTTPError, match="422") as refused:
        sandbox.put_mood("birth_register", "sleepy")
    refused.value.close()
    with pytest.raises(urllib.error.HTTPError, match="422") as refused:
        sandbox.put_department("WJ", decide="maybe")
    refused.value.close()


def _start(folder: Path) -> subprocess.Popen[str]:
    tokens = folder / "tokens.json"
    write_tokens(tokens)
    command = [sys.executable, "-m", "sandbox", "--port", "0", "--token-file", str(tokens), "--with-parent"]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def test_it_ends_cleanly_when_told_to(tmp_path: Path) -> None:
    with _start(tmp_path) as process:
        assert process.stdout is not None
        assert json.loads(process.stdout.readline())["url"].startswith("http://127.0.0.1:")
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0


def test_it_ends_with_its_parent(tmp_path: Path) -> None:
    with _start(tmp_path) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        process.stdout.readline()
        process.stdin.close()
        assert process.wait(10) == 0


def test_without_tokens_it_says_what_is_missing(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "sandbox", "--token-file", str(tmp_path / "none.json")]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert ended.returncode == 2
    assert "none.json" in ended.stderr
