"""How the tests are shared out among processes: what is set up for many of them is set up once."""

from pathlib import PurePath
from typing import Any

from xdist.scheduler import LoadScopeScheduling

# Most tests of these folders share an installation, in some folders one on each database.
SHARING = frozenset({"http", "journeys", "reads", "services"})
# These have installations of their own.
APART = frozenset({"test_on_postgresql", "test_supplement", "test_thirteen", "test_thirty_days"})
DATABASES = ("postgres", "sqlite")


class Units(LoadScopeScheduling):
    """Gives each process a unit of tests at a time, in the order in which they were collected."""

    def __init__(self, config: Any, log: Any) -> None:
        config.option.loadscopereorder = False
        super().__init__(config, log)

    def _split_scope(self, nodeid: str) -> str:
        return unit_of(nodeid)


def unit_of(nodeid: str) -> str:
    """The name of the unit that a test belongs to: its file, or its folder and the database."""
    file, _, test = nodeid.partition("::")
    folder = PurePath(file).parent.name
    if folder not in SHARING or PurePath(file).stem in APART:
        return file
    parameters = test.partition("[")[2]
    database = next((name for name in DATABASES if name in parameters), "")
    return f"{folder} {database}"


def is_shared(nodeid: str) -> bool:
    """Whether the unit is more than a file."""
    return unit_of(nodeid) != nodeid.partition("::")[0]
