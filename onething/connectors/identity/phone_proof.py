"""Which providers an installation's phones may sign in by, as the environment configures them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

from onething.connectors.identity.alipay import AlipayCodes, AlipaySettings
from onething.connectors.identity.openid import OpenIdProvider, OpenIdSettings
from onething.connectors.identity.real_names import ProvinceIdentity
from onething.connectors.identity.wechat import WeChatCodes, WeChatSettings
from onething.domain.phones import Provider
from onething.ports import Clock
from onething.ports.phones import CodeProvider, PhoneProof


def find_phone_proof(environ: Mapping[str, str], clock: Clock) -> PhoneProof:
    """The configured providers; raises ``KeyError``, ``OSError`` or ``ValueError`` for half of one."""
    codes: dict[Provider, CodeProvider] = {}
    if environ.get("ONETHING_WECHAT_APP"):
        codes[Provider.WECHAT] = WeChatCodes(_wechat(environ))
    if environ.get("ONETHING_ALIPAY_APP"):
        codes[Provider.ALIPAY] = AlipayCodes(_alipay(environ), clock.now)
    return PhoneProof(codes, _find_province(environ))


def _wechat(environ: Mapping[str, str]) -> WeChatSettings:
    secret = Path(environ["ONETHING_WECHAT_SECRET_FILE"]).read_text("utf-8").strip()
    url = environ.get("ONETHING_WECHAT_URL", WeChatSettings.url).rstrip("/")
    return WeChatSettings(environ["ONETHING_WECHAT_APP"], secret, url)


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
