"""A clerk in a process of their own: ``python -m tests.miniprogram.clerk NUMBER`` asks for a supplement."""

import os
import sys

from onething.bootstrap import build_ports
from onething.domain.actors import Actor
from onething.services import accepting

CLERK = Actor("clerk-1", "staff", roles=frozenset({"clerk"}))


def main(number: str) -> None:
    """Miss a page and the mobile number of a birth, and say so in one notice."""
    ports = build_ports(os.environ)
    _, catalog = ports.catalogs.current()
    material = next(iter(catalog.get_thing("P-NEWBORN").materials))
    wants = [
        {"material": material, "zh": "这一页看不清", "en": "This page cannot be read"},
        {"fact": "application.mobile", "zh": "手机号打不通", "en": "Nobody answers"},
        {"zh": "请带宝宝来窗口一次", "en": "Please come once"},
    ]
    accepting.want_supplement(ports, CLERK, number, matter=None, wants=wants)
    accepting.ask_supplement(ports, CLERK, number)
    ports.close()


if __name__ == "__main__":
    main(sys.argv[1])
