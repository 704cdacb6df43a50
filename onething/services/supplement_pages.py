"""Pages that a citizen brings after submission: one taken back before it was handed in."""

from __future__ import annotations

from onething.domain.actors import Actor
from onething.domain.errors import NotFound
from onething.ports import Ports
from onething.services.casework import CaseAct, on_case


def remove_page(ports: Ports, actor: Actor, number: str, material: str, file_id: str) -> None:
    """Take one page back while its material is still awaited; its bytes go too. Raises ``NotFound``."""

    def act_on(act: CaseAct) -> None:
        asked = {want.get("material") for each in act.view.asked for want in each.wants}
        if material not in asked | set(act.view.follow):
            raise NotFound
        files = act.uow.files.list_of(act.case.id)
        if not any(file.id == file_id and file.material == material for file in files):
            raise NotFound
        act.uow.files.remove(file_id)

    on_case(ports, number, actor, "supplement_page_removed", act_on)
    ports.files.remove(file_id)
