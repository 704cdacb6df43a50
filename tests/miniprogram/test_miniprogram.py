"""The mini-program's own tests, each file of them one of ours."""

from typing import Any

import pytest

from tests.miniprogram.conftest import HERE

SPECS = sorted(file.name for file in HERE.glob("*.spec.js"))


@pytest.mark.parametrize("spec", SPECS)
def test_holds(jest: dict[str, Any], spec: str) -> None:
    result = jest[spec]
    failed = [
        f"{each['fullName']}\n" + "\n".join(each["failureMessages"])
        for each in result["assertionResults"]
        if each["status"] != "passed"
    ]
    assert result["status"] == "passed", "\n\n".join([result.get("message", ""), *failed])[-8000:]
    assert result["assertionResults"]
