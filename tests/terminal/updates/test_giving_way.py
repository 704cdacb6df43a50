"""An update never takes a kiosk from under somebody, and a kiosk is never closed for good."""

from pathlib import Path

import pytest

from terminal_client.opening import Opening
from terminal_client.updating.giving_way import PATIENCE_SECONDS, UPDATING, GivingWay
from terminal_client.updating.progress import State, write_progress
from terminal_client.updating.sitting_lock import SittingLock


class Kiosk:
    """Somebody before it, or nobody; it may be touched while it is being closed."""

    def __init__(self) -> None:
        self.is_free = True


class Scene:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.kiosk = Kiosk()
        self.opening = Opening()
        self.installer = SittingLock(folder / "lock")
        self.now = 0.0
        self.way = GivingWay(
            self.kiosk, self.opening, lock=folder / "lock", folder=folder, clock=lambda: self.now
        )

    def say(self, state: State) -> None:
        write_progress(self.folder, state, "1.1.0")


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return Scene(tmp_path)


def test_nobody_is_interrupted_and_the_free_kiosk_closes_before_it_gives_way(scene: Scene) -> None:
    scene.kiosk.is_free = False
    scene.way.look()
    scene.say("waiting")
    scene.way.look()
    assert not scene.installer.hold()
    assert scene.opening.find_reason() is None
    scene.kiosk.is_free = True
    scene.way.look()
    assert scene.opening.find_reason() == UPDATING
    assert scene.installer.hold()
    scene.say("installing")
    scene.way.look()
    assert scene.way.is_updating
    scene.say("confirmed")
    scene.way.look()
    # the installer still holds the lock
    assert scene.opening.find_reason() == UPDATING
    scene.installer.let_go()
    scene.way.look()
    assert scene.opening.find_reason() is None
    assert not scene.installer.hold()


def test_who_touches_it_in_the_very_moment_goes_first(scene: Scene) -> None:
    scene.way.look()
    scene.say("waiting")

    def touch() -> None:
        scene.kiosk.is_free = False

    scene.opening.listen(touch)
    scene.way.look()
    assert scene.opening.find_reason() is None
    assert not scene.installer.hold()


def test_a_program_that_starts_during_the_proof_stays_closed_until_it_is_over(scene: Scene) -> None:
    assert scene.installer.hold()
    scene.say("proving")
    scene.way.look()
    assert scene.opening.find_reason() == UPDATING
    scene.installer.let_go()
    scene.way.look()
    assert scene.opening.find_reason() is None


def test_an_installer_that_does_not_come_is_not_waited_for_for_ever(scene: Scene) -> None:
    scene.way.look()
    scene.say("waiting")
    scene.way.look()
    scene.now = PATIENCE_SECONDS - 1
    scene.way.look()
    assert scene.opening.find_reason() == UPDATING
    scene.now = PATIENCE_SECONDS + 1
    scene.way.look()
    scene.way.look()
    assert scene.opening.find_reason() is None
    assert not scene.installer.hold()


def test_without_a_folder_for_the_lock_nothing_is_done(tmp_path: Path) -> None:
    way = GivingWay(Kiosk(), Opening(), lock=tmp_path / "none/lock", folder=tmp_path)
    way.start()
    assert not (tmp_path / "none").exists()
    way.stop()


def test_the_versions_it_went_back_from_are_named(scene: Scene) -> None:
    assert scene.way.list_given_up() == []
    scene.say("rolled_back")
    scene.say("confirmed")
    assert scene.way.list_given_up() == ["1.1.0"]
    for number in range(20):
        write_progress(scene.folder, "refused", f"1.2.{number}", "unwell")
    assert scene.way.list_given_up() == [f"1.2.{number}" for number in range(4, 20)]
