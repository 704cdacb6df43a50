"""Who people are on their phones: WeChat, Alipay and the province in one process, and how they are asked."""

import json
import sys
import urllib.request
from pathlib import Path

from sandbox.phones_alipay import APP_ID as ALIPAY_APP
from sandbox.phones_wechat import APP_ID as WECHAT_APP

_TEXTS = Path(__file__).resolve().parents[1] / "catalog" / "messages" / "xinxian.toml"


def command(port: int, folder: Path) -> list[str]:
    """What starts the process; `folder` gets what each provider would give an operator."""
    return [sys.executable, "-m", "sandbox.phones", "--port", str(port), "--folder", str(folder)]


def environment(url: str, folder: Path) -> dict[str, str]:
    """The server's settings for the providers that answer at `url`."""
    return {
        "ONETHING_WECHAT_URL": f"{url}/wechat",
        "ONETHING_WECHAT_APP": WECHAT_APP,
        "ONETHING_WECHAT_SECRET_FILE": str(folder / "wechat-secret"),
        "ONETHING_ALIPAY_URL": f"{url}/alipay/gateway.do",
        "ONETHING_ALIPAY_APP": ALIPAY_APP,
        "ONETHING_ALIPAY_KEY_FILE": str(folder / "alipay-key.pem"),
        "ONETHING_ALIPAY_PUBLIC_KEY_FILE": str(folder / "alipay-public-key.pem"),
        "ONETHING_PROVINCE_ISSUER": f"{url}/province",
        "ONETHING_PROVINCE_SECRET_FILE": str(folder / "province-secret"),
        "ONETHING_MESSAGE_TEMPLATES": str(_TEXTS),
    }


def draw_code(url: str, provider: str, user: str) -> str:
    """A login code as a phone's own app gets it from `provider`: wechat or alipay."""
    body = json.dumps({"provider": provider, "user": user}).encode()
    request = urllib.request.Request(f"{url}/admin/codes", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return str(json.load(answer)["code"])
