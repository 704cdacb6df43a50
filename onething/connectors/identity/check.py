"""Can phones sign in by what is configured: is each provider named whole, and does WeChat know our secret?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from onething.connectors.finding import Finding
from onething.connectors.identity.phone_proof import find_wechat, find_wechat_pages
from onething.connectors.identity.wechat import WeChatSettings, read
from onething.domain.phones import ProviderAway

# What names a provider, and the files that it is nothing without.
_FILES = {
    "ONETHING_WECHAT_APP": ("ONETHING_WECHAT_SECRET_FILE",),
    "ONETHING_WECHAT_PAGES_APP": ("ONETHING_WECHAT_PAGES_SECRET_FILE",),
    "ONETHING_ALIPAY_APP": ("ONETHING_ALIPAY_KEY_FILE", "ONETHING_ALIPAY_PUBLIC_KEY_FILE"),
    "ONETHING_PROVINCE_ISSUER": ("ONETHING_PROVINCE_SECRET_FILE",),
}
# A code that nobody was given: only an app that is known with its secret hears that it is invalid.
_NO_CODE = "none"
_INVALID_CODE = 40029
_WORDS = {
    "ok": ("连接正常", "It can be reached and knows us."),
    "down": ("连接不上，请检查地址和网络", "It can not be reached: check the address and the network."),
    "refused": (
        "微信不认我们的应用编号、密钥或本机地址",
        "WeChat refuses our app's id, its secret, or this machine's address.",
    ),
}


def find_faults(environ: Mapping[str, str]) -> Iterable[str]:
    """What keeps a named provider from being used, in plain words."""
    for name, files in _FILES.items():
        if not environ.get(name):
            continue
        for file in files:
            path = environ.get(file, "")
            if not path:
                yield f"{name} is set without {file}: nobody can sign in that way"
            elif not Path(path).is_file():
                yield f"there is no file at {path}: {file} names it"
    pages = environ.get("ONETHING_WECHAT_PAGES_APP")
    if pages and pages == environ.get("ONETHING_WECHAT_APP"):
        yield "ONETHING_WECHAT_PAGES_APP is the mini-program: web pages need the service account's AppID"


def check(environ: Mapping[str, str]) -> list[Finding]:
    """One finding for each app of ours at WeChat; nobody is signed in by it."""
    apps = {
        "identity/wechat": (find_wechat(environ), "/sns/jscode2session", "js_code"),
        "identity/wechat_pages": (find_wechat_pages(environ), "/sns/oauth2/access_token", "code"),
    }
    return [
        _finding(subject, settings, path, name)
        for subject, (settings, path, name) in apps.items()
        if settings is not None
    ]


def _finding(subject: str, settings: WeChatSettings, path: str, name: str) -> Finding:
    try:
        number = read(settings, path, **{name: _NO_CODE}).get("errcode")
        word = "ok" if number == _INVALID_CODE else "refused"
    except ProviderAway:
        word = "down"
    return Finding(subject, word == "ok", *_WORDS[word])
