"""Which providers an installation's phones may sign in by, as the environment configures them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

from onething.connectors.identity.alipay import AlipayCodes, AlipaySettings
from onething.connectors.identity.openid import OpenIdProvider, OpenIdSettings
from onething.connectors.identity.real_names import ProvinceIdentity
from onething.connectors.identity.wechat import AUTHORIZE, WeChatCodes, WeChatPages, WeChatSettings
from onething.domain.phones import Provider
from onething.ports import Clock
from onething.ports.phones import CodeProvider, PhoneProof


def find_phone_proof(environ: Mapping[str, str], clock: Clock) -> PhoneProof:
    """The configured providers; raises ``KeyError``, ``OSError`` or ``ValueError`` for half of one."""
    codes: dict[Provider, CodeProvider] = {}
    if wechat := find_wechat(environ):
        codes[Provider.WECHAT] = WeChatCodes(wechat)
    if environ.get("ONETHING_ALIPAY_APP"):
        codes[Provider.ALIPAY] = AlipayCodes(_alipay(environ), clock.now)
    return PhoneProof(codes, _find_province(environ), _find_pages(environ))


def find_wechat(environ: Mapping[str, str]) -> WeChatSettings | None:
    """The mini-program at WeChat, or None; raises ``KeyError`` and ``OSError``."""
    return _wechat(environ, "ONETHING_WECHAT_APP", "ONETHING_WECHAT_SECRET_FILE")


def find_wechat_pages(environ: Mapping[str, str]) -> WeChatSettings | None:
    """The service account whose pages these are inside WeChat, or None; raises as above."""
    return _wechat(environ, "ONETHING_WECHAT_PAGES_APP", "ONETHING_WECHAT_PAGES_SECRET_FILE")


def _wechat(environ: Mapping[str, str], name: str, file: str) -> WeChatSettings | None:
    app = environ.get(name)
    if not app:
        return None
    secret = Path(environ[file]).read_text("utf-8").strip()
    url = environ.get("ONETHING_WECHAT_URL", WeChatSettings.url).rstrip("/")
    return WeChatSettings(app, secret, url)


def _find_pages(environ: Mapping[str, str]) -> WeChatPages | None:
    settings = find_wechat_pages(environ)
    if settings is None:
        return None
    return WeChatPages(settings, environ.get("ONETHING_WECHAT_PAGES_AUTHORIZE", AUTHORIZE))


def _alipay(environ: Mapping[str, str]) -> AlipaySettings:
    own = load_pem_private_key(Path(environ["ONETHING_ALIPAY_KEY_FILE"]).read_bytes(), None)
    theirs = load_pem_public_key(Path(environ["ONETHING_ALIPAY_PUBLIC_KEY_FILE"]).read_bytes())
    if not isinstance(own, RSAPrivateKey) or not isinstance(theirs, RSAPublicKey):
        raise ValueError("Alipay's keys are RSA keys")
    url = environ.get("ONETHING_ALIPAY_URL", AlipaySettings.url)
    return AlipaySettings(environ["ONETHING_ALIPAY_APP"], own, theirs, url)


def _find_province(environ: Mapping[str, str]) -> ProvinceIdentity | None:
    issuer = environ.get("ONETHING_PROVINCE_ISSUER", "")
    if not issuer:
        return None
    secret = Path(environ["ONETHING_PROVINCE_SECRET_FILE"]).read_text("utf-8").strip()
    client = environ.get("ONETHING_PROVINCE_CLIENT", "onething")
    settings = OpenIdSettings(issuer, client, secret, scope="openid profile real_name")
    return ProvinceIdentity(OpenIdProvider(settings))
