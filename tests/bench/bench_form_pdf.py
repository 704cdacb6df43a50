"""The filled form as PDF, against typst's compile of the same ready input."""

import itertools
from datetime import UTC, datetime

import typst

from onething.documents.fonts import typesetting_fonts
from onething.documents.form_pdf import PDF_STANDARD, TEMPLATE, form_input, render_form
from onething.domain.form_content import FormContent

from ..documents.made_form import made_content
from .rows import Row, compare

BOUND = 2.0
PRINTED = int(datetime(2026, 11, 23, 2, 15, tzinfo=UTC).timestamp())


def measure() -> Row:
    """The ratio of processor time; every round has a form of its own, because typst remembers what it set."""
    numbers = itertools.count(10_000_000)
    ready = (form_input(_content(next(numbers))) for _ in itertools.count())
    contents = (_content(next(numbers)) for _ in itertools.count())
    inputs, forms = list(itertools.islice(ready, 21)), list(itertools.islice(contents, 21))
    sizes: list[int] = []
    pdf = compare(
        lambda: _compile(inputs.pop()),
        lambda: sizes.append(len(render_form(forms.pop()))),
        rounds=20,
    )
    note = f"{pdf.ours_ms:.0f} ms against {pdf.limit_ms:.0f} ms, {sizes[-1] // 1024} KiB, two pages"
    return Row("the filled form as PDF, CPU", BOUND, round(pdf.ratio, 2), "x compile", note)


def _content(number: int) -> FormContent:
    return made_content(case_number=f"XX-{number}", name=f"张𠮷䶮㛃𫖯{number % 97}")


def _compile(form_json: str) -> None:
    compiler = typst.Compiler(TEMPLATE, font_paths=typesetting_fonts(), sys_inputs={"form": form_json})
    compiler.compile(format="pdf", pdf_standards=[PDF_STANDARD], timestamp=PRINTED)
