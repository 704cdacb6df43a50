"""What apispec does not say of a field by itself: how an open object is bounded, and where patterns end."""

from __future__ import annotations

from typing import Any

import marshmallow as ma

_PYTHONS_END = r"\Z"


def open_object(converter: Any, field: ma.fields.Field[Any], **_kwargs: Any) -> dict[str, Any]:
    """How the names of a ``Dict`` are bounded, and how many there may be."""
    if not isinstance(field, ma.fields.Dict):
        return {}
    said: dict[str, Any] = {}
    if field.key_field is not None:
        said["propertyNames"] = converter.field2property(field.key_field)
    for each in field.validators:
        if isinstance(each, ma.validate.Length) and each.max is not None:
            said["maxProperties"] = each.max
    return said


def whole_pattern(_converter: Any, field: ma.fields.Field[Any], ret: dict[str, Any]) -> dict[str, Any]:
    """A pattern that is matched from the beginning says so, and ends where ECMA-262 says the end is."""
    if "pattern" not in ret or not any(isinstance(each, ma.validate.Regexp) for each in field.validators):
        return {}
    bare = str(ret["pattern"]).removeprefix("\\A").removeprefix("^")
    return {"pattern": f"^{bare.removesuffix(_PYTHONS_END)}$" if bare.endswith(_PYTHONS_END) else f"^{bare}"}
