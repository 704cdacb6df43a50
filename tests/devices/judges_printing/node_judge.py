"""A judge that runs in node: a question a line, an answer a line, and it stays for the next one."""

import subprocess
from pathlib import Path

TOP = Path(__file__).parents[3]


class NodeJudge:
    """One of the scripts beside this file, started in the project's folder, where its packages are."""

    def __init__(self, script: str) -> None:
        self._process = subprocess.Popen(
            ["node", str(Path(__file__).with_name(script))],
            cwd=TOP,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def ask(self, question: str) -> str:
        """The answer's line. AssertionError when the judge has died."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(question + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        assert answer, "the judge is not there: was npm ci run?"
        return answer.rstrip("\n")

    def end(self) -> None:
        """Let it go."""
        self._process.communicate(timeout=10)
