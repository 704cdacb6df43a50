"""Why a page was not taken, in words for the person who handed it in."""

from typing import Final

from onething import ports

SENTENCES: Final[dict[str, tuple[str, str]]] = {
    "empty": (
        "文件是空的，请重新扫描或选择文件。",
        "The file is empty. Please scan again or choose another file.",
    ),
    "too_large": (
        "文件太大（最多 {limit} MB），请降低清晰度后重试。",
        "The file is too large (at most {limit} MB). Please use a lower resolution and try again.",
    ),
    "not_an_image": (
        "这个文件不能用作材料{seen}，请提供 JPEG、PNG 图片或 PDF 文件。",
        "This file cannot be used{seen}. Please give a JPEG or PNG picture or a PDF.",
    ),
    "damaged": (
        "文件已损坏或不完整，打不开，请重新扫描或重新拍照。",
        "The file is damaged or incomplete and cannot be opened. Please scan or photograph the page again.",
    ),
    "too_many_pixels": (
        "图片尺寸太大（最多 {limit} 万像素），请降低清晰度后重试。",
        "The picture has too many pixels. Please use a lower resolution.",
    ),
    "too_many_pages": (
        "页数太多（一次最多 {limit} 页），请分开上传。",
        "Too many pages (at most {limit} at a time). Please upload them in parts.",
    ),
    "pdf_active_content": (
        "这个 PDF 里含有程序、附件或自动动作，为安全起见不能接收，请打印后扫描，或拍照上传。",
        "This PDF carries a program, an attachment or an automatic action and cannot be taken, for safety. "
        "Please print and scan it, or photograph it.",
    ),
    "pdf_encrypted": (
        "这个 PDF 有密码保护，请去掉密码后再上传，或拍照上传。",
        "This PDF is protected by a password. Please remove the password, or photograph the page.",
    ),
    "too_dark": (
        "图片太暗，看不清内容，请在明亮处重拍或重新扫描。",
        "The picture is too dark to read. Please take it again in better light.",
    ),
    "blurred": (
        "照片不清楚，请拿稳手机、对准文字，等清晰后重拍。",
        "The photograph is blurred. Hold the phone still, let it focus on the writing, and take it again.",
    ),
    "not_a_page": (
        "照片里没有看到文字，请把整张材料放进画面后重拍。",
        "No writing is seen in the photograph. Put the whole page into the frame and take it again.",
    ),
    "no_ink": (
        "没有看到签名，请在框内重新签名。",
        "No signature was seen. Please sign again inside the box.",
    ),
    "took_too_long": (
        "处理这个文件的时间太长，请换一张更清晰简单的图片，或分开上传。",
        "This file took too long to read. Please use a simpler picture, or upload the pages one by one.",
    ),
}


class PaperRefused(ports.PaperRefused):
    """A page that is not taken; `reason` is stable (a key of SENTENCES), `zh` and `en` are for people."""

    def __init__(self, reason: str, *, limit: int = 0, seen: tuple[str, str] = ("", "")) -> None:
        """Make the refusal; `limit` is the number to be named, `seen` what the file looks like (zh, en)."""
        zh, en = SENTENCES[reason]
        super().__init__(reason, zh.format(limit=limit, seen=seen[0]), en.format(limit=limit, seen=seen[1]))
