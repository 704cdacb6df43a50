"""What a kiosk says and is told of results that it prints."""

from __future__ import annotations

from onething.domain.results import PrintOutcome
from web.schema import AnswerSchema, RequestSchema, choice, one_of, text, word

_OUTCOMES = tuple(outcome.value for outcome in PrintOutcome)


class PrintRequest(RequestSchema):
    """The result to be printed here."""

    result = text(60, shortest=1)


class PrintBegun(AnswerSchema):
    """A print that has begun; its id is also the job's name at the printer."""

    id = word()


class PrintOutcomeRequest(RequestSchema):
    """What the printer said: ``printed`` only on its own word, ``unknown`` where it said nothing."""

    outcome = choice(*_OUTCOMES)


class PrintState(AnswerSchema):
    """What is now known of the print."""

    state = one_of(_OUTCOMES)
