"""Why an update is not taken: reasons that stay, and a sentence for the technician in both languages."""

SENTENCES = {
    "unreachable": ("更新服务器连接不上", "the update server cannot be reached"),
    "rolled_back_metadata": (
        "更新清单比已知的旧,可能被人替换",
        "the list of updates is older than one seen before",
    ),
    "expired": (
        "更新清单已过期:被人截留,或本机时钟不准",
        "the list of updates is out of date: held back by somebody, or this kiosk's clock is wrong",
    ),
    "unsigned": ("更新清单的签名不可信", "the list of updates is not signed by those we believe"),
    "tampered": ("更新文件与清单不符", "a file of the update is not the one that was signed"),
    "too_long": ("更新文件比清单所说的长", "a file of the update is longer than was signed"),
    "unreadable": ("更新清单读不懂", "the list of updates cannot be read"),
    "no_root": ("本机没有更新的信任根", "this kiosk was not told whose updates to believe"),
    "not_offered": ("该版本不在发布清单中", "this version is not among those that are offered"),
    "older": (
        "该版本比现用的旧,且没有签名的召回令",
        "older than what runs here, and no signed recall says to go back",
    ),
    "no_way_back": (
        "没有现用版本的安装包,出错时退不回去",
        "the packages of the running version are not kept here",
    ),
    "incomplete": ("更新没有取完整", "the update was not fetched whole"),
    "not_installed": ("安装包没有装上", "the packages could not be installed"),
    "does_not_start": ("新版本没有启动", "the new version does not answer"),
    "other_version": ("启动的不是新版本", "what answers is not the new version"),
    "unwell": ("新版本运行不正常", "the new version says that it is not well"),
    "disk_full": ("磁盘空间不足", "the disk is full"),
}


class UpdateRefused(Exception):
    """An update was not taken; `reason` is one of SENTENCES, `detail` for the journal only."""

    def __init__(self, reason: str, detail: str = "") -> None:
        """A refusal by its reason. KeyError when there is no such reason."""
        self.reason = reason
        self.zh, self.en = SENTENCES[reason]
        self.detail = detail
        super().__init__(f"{self.en} ({reason})" + (f": {detail}" if detail else ""))
