"""The sentences of problems that no rule of ours made: by HTTP status, and by a field's fault."""

from __future__ import annotations

from onething.domain.dictionary import Label

# Status to stable reason and sentence.
OF_STATUS: dict[int, tuple[str, Label]] = {
    400: ("bad_request", Label("请求格式不正确", "The request cannot be understood")),
    404: ("not_found", Label("没有找到", "Not found")),
    405: ("method_not_allowed", Label("这里不支持这种请求", "This kind of request is not accepted here")),
    406: ("not_acceptable", Label("无法按要求的格式回答", "No answer in the wanted format")),
    408: ("too_slow", Label("请求传输超时，请再试一次", "The request took too long; please try again")),
    411: ("length_required", Label("请求缺少长度", "The request has no length")),
    413: (
        "too_large",
        Label("文件太大，请重新拍摄或扫描", "The file is too large; please take or scan it again"),
    ),
    414: ("address_too_long", Label("请求地址过长", "The address is too long")),
    415: ("wrong_media_type", Label("请求的内容类型不正确", "The content type of the request is wrong")),
    422: ("bad_fields", Label("有几项填写不正确，请改正", "Some answers need to be corrected")),
    429: (
        "too_many_requests",
        Label("请求太频繁，请稍后再试", "Too many requests; please try again in a moment"),
    ),
    431: ("headers_too_large", Label("请求头过大", "The request's headers are too large")),
    500: (
        "internal_error",
        Label(
            "系统出错，请稍后再试，或到综合窗口办理",
            "Something went wrong; please try again, or go to a service window",
        ),
    ),
    503: (
        "server_away",
        Label(
            "系统暂时无法连接，请稍后再试或到窗口办理",
            "The system cannot be reached just now; please try again later or go to a window",
        ),
    ),
}

# A field's fault to its sentence. marshmallow's own texts are replaced by these reasons (web.schema).
OF_FIELD: dict[str, Label] = {
    "required": Label("必填", "Required"),
    "null": Label("不能为空", "May not be empty"),
    "invalid": Label("格式不正确", "Not in the right format"),
    "invalid_utf8": Label("含有无法识别的字符", "Contains characters that cannot be read"),
    "type": Label("格式不正确", "Not in the right format"),
    "unknown_field": Label("没有这一项", "There is no such field"),
    "not_an_object": Label("应为对象", "Must be an object"),
    "too_long": Label("内容太长", "Too long"),
    "too_short": Label("内容太短", "Too short"),
    "too_large": Label("数值太大", "Too large"),
    "out_of_range": Label("超出范围", "Out of range"),
    "too_many": Label("数量太多", "Too many"),
    "not_a_choice": Label("不在可选范围内", "Not one of the choices"),
    "not_a_date": Label("日期不正确", "Not a date"),
    "not_printable": Label("含有不可显示的字符", "Contains characters that cannot be shown"),
    "not_base64": Label("图像数据不正确", "The picture's data is not right"),
    "validator_failed": Label("内容不正确", "Not right"),
    "special": Label("数值不正确", "Not a number"),
    "format": Label("格式不正确", "Not in the right format"),
    "invalid_awareness": Label("时间缺少时区", "The time has no offset"),
}
