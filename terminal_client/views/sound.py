"""The spoken prompt of each screen."""

from flask import Blueprint, Response, abort

from terminal_client.voice import VoiceError, speak
from terminal_client.words import TABLES

blueprint = Blueprint("sound", __name__)
SPOKEN = {
    "idle": ("idle.title", "idle.lead"),
    "things": ("things.title",),
    "notice": ("notice.begin",),
    "matters": ("matters.title", "matters.below"),
    "questions": ("questions.title",),
    "card": ("card.title", "card.stay"),
    "consent": ("consent.title", "consent.below"),
    "fetching": ("fetching.title",),
    "second_signer": ("second.why",),
    "form": ("form.asked",),
    "materials": ("materials.title",),
    "scanning": ("scanning.look",),
    "handing": ("handing.spoken",),
    "review": ("review.title", "review.below"),
    "step_up": ("step_up.title", "step_up.spoken"),
    "sign": ("sign.title", "sign.below"),
    "submitting": ("submitting.title",),
    "receipt": ("receipt.title", "receipt.take"),
    "take_card": ("take.title",),
    "progress": ("progress.title",),
    "supplement": ("supplement.title", "supplement.once"),
    "withdrawal": ("withdrawal.title", "withdrawal.again"),
    "rating": ("rating.title", "rating.voluntary"),
    "dispute": ("dispute.below", "dispute.goes_on"),
    "case_values": ("case_values.title", "case_values.below"),
    "intake": ("intake.title", "intake.below"),
    "intake_taken": ("intake.taken", "intake.called"),
    "offline": ("offline.title", "offline.below"),
    "closed": ("closed.title", "closed.below"),
    "reader_fault": ("fault.title", "fault.below"),
    "defect": ("defect.title", "defect.below"),
    "still_there": ("over.still_there",),
    "card_gone": ("over.card_gone",),
    "away": ("over.away", "over.away_why"),
}


@blueprint.get("/voice/<prompt>-<language>.wav")
def read_aloud(prompt: str, language: str) -> Response:
    """A screen's prompt as WAV."""
    if prompt not in SPOKEN or language not in TABLES:
        abort(404)
    mark = "。" if language == "zh" else ". "
    sentence = mark.join(TABLES[language][key] for key in SPOKEN[prompt])
    try:
        return Response(speak(sentence, language), mimetype="audio/wav")
    except VoiceError:
        abort(503)
