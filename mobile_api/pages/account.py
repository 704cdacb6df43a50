"""My account: where I am signed in, which accounts are bound to me, and letting go of either."""

from __future__ import annotations

from flask import Response, g

from mobile_api.pages.frame import TOP, USER, Room, address, done, show
from onething.domain.phones import PROVIDER_NAMES
from onething.services import phone_binding, phone_sign_in
from web.current import current_phone, current_ports
from web.phone_pages import keep_tokens

room = Room("account", "/account")


@room.page("", USER)
def show_account() -> Response:
    """Who is signed in here, and where else the same person is."""
    ports, phone = current_ports(), current_phone()
    return show(
        "phone/account/account.html",
        me=phone_sign_in.view(phone),
        sign_ins=phone_sign_in.list_sign_ins(ports, phone),
        bindings=phone_binding.list_bindings(ports, phone) if phone.session else [],
        names=PROVIDER_NAMES,
    )


@room.act("/sign-ins/<sign_in>/ending", USER)
def end_one(sign_in: str) -> Response:
    """End another sign-in of the same person: a phone that was lost."""
    phone_sign_in.end_sign_in(current_ports(), current_phone(), sign_in)
    return done(address("account.show_account"), "已让那部手机退出", "That phone is signed out")


@room.act("/bindings/<binding>/ending")
def unbind(binding: str) -> Response:
    """Let go of an account; every phone signed in by it is signed out, this one too if it is its own."""
    phone = current_phone()
    phone_binding.unbind(current_ports(), phone, binding)
    if binding != phone.account.id:
        return done(address("account.show_account"), "已解除绑定", "The account is let go of")
    g.page_phone = None
    keep_tokens(None)
    return done(TOP, "已解除绑定并退出登录", "The account is let go of, and you are signed out")
