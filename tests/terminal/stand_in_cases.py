"""What the small door answers about a case: followed, supplemented, withdrawn, disputed and rated."""

from typing import Any

from flask import Response, jsonify, request

from .made_birth import FOUND, make_draft, make_rating_options, make_receipt
from .stand_in_state import StandIn, problem

RESULT_FILE = b"%PDF-1.7 a result of XX-7KDM-0001-C\n%%EOF\n"


class CaseViews:
    """One method for each act on a case, or on a value called wrong."""

    def __init__(self, door: StandIn) -> None:
        self.door = door

    def evidence(self, draft: str, fact: str) -> tuple[Response, int]:
        file = self.keep_page()
        return jsonify(file=file, pages=[{"number": 1, "preview": f"/kiosk/v1/files/{file}/preview"}]), 201

    def drop_evidence(self, draft: str, fact: str, file: str) -> tuple[str, int]:
        del self.door.keys[file]
        return "", 204

    def dispute(self, draft: str) -> tuple[Response, int]:
        body, held = request.get_json(), self.door.drafts[draft]
        field = next(each for each in self.door.all_fields(held) if each["fact"] == body["fact"])
        self.door.disputes.append(body)
        field.update(state="disputed", value=body["value"], display_zh=str(body["value"]), display_en="")
        return jsonify(self.door.view(held)), 201

    def cases(self) -> Response:
        names = (
            "number",
            "thing",
            "state",
            "state_zh",
            "state_en",
            "submitted_at",
            "answered_by",
            "due_on",
            "waits_for_me",
        )
        case = {name: self.door.case[name] for name in names}
        older = self.door.older_cases
        if request.args.get("cursor") is not None:
            return jsonify(cases=[{**case, "number": number} for number in older], next=None)
        return jsonify(cases=[case], next=case["number"] if older else None)

    def case(self, number: str) -> Response:
        return jsonify(self.door.case)

    def keep_page(self) -> str:
        file = f"f{next(self.door.numbers)}"
        self.door.keys[file] = request.files["file"].stream.read()
        assert self.door.keys[file][:3] == b"\xff\xd8\xff"
        return file

    def find_wanted(self, material: str) -> dict[str, Any]:
        wants = self.door.case["wanted"]["wants"] if self.door.case["wanted"] else []
        papers: list[dict[str, Any]] = [*wants, *self.door.case["follow"]]
        return next(each for each in papers if each["id"] == material)

    def supplement_page(self, number: str, material: str) -> tuple[Response, int]:
        file, wanted = self.keep_page(), self.find_wanted(material)
        wanted["pages"].append({"file": file, "number": len(wanted["pages"]) + 1})
        path = f"/kiosk/v1/cases/{number}/supplement-pages/{material}/{file}"
        return jsonify(file=file, pages=[{"number": 1, "preview": path}], case=self.door.case), 201

    def drop_supplement_page(self, number: str, material: str, file: str) -> Response:
        wanted = self.find_wanted(material)
        wanted["pages"] = [each for each in wanted["pages"] if each["file"] != file]
        return jsonify(self.door.case)

    def show_supplement_page(self, number: str, material: str, file: str) -> Response:
        return Response(self.door.keys[file], mimetype="image/jpeg")

    def supplement(self, number: str) -> Response:
        values = request.get_json()["values"]
        mobile = values.get("application.mobile", "")
        if len(mobile) != 11:
            why = ("手机号是 11 位数字", "A mobile number has 11 digits")
            error = {"field": "application.mobile", "reason": "bad_mobile", "zh": why[0], "en": why[1]}
            return problem(422, "bad_fields", "有一项没有填对", "One value is not right", [error])
        self.door.case.update(wanted=None, waits_for_me=False)
        return jsonify(self.door.case)

    def follow_paper(self, number: str) -> Response:
        given = request.get_json()["material"]
        self.door.case["follow"] = [each for each in self.door.case["follow"] if each["id"] != given]
        return jsonify(self.door.case)

    def withdrawal(self, number: str) -> Response:
        matter = request.get_json().get("matter")
        for part in self.door.case["parts"]:
            if part["may_withdraw"] and matter in (None, part["matter"]):
                part.update(state="withdrawn", state_zh="已撤回", state_en="Withdrawn", may_withdraw=False)
                part.update(ended=True)
        self.door.case["may_withdraw"] = matter is not None
        return jsonify(self.door.case)

    def partial_issue(self, number: str) -> Response:
        self.door.case["may_ask_partial"] = False
        for result in self.door.case["results"]:
            result.update(withheld=None, how_zh="可到窗口领取", how_en="Collect it at the window")
        return jsonify(self.door.case)

    def issue(self, number: str) -> Response:
        body = request.get_json()
        for result in self.door.case["results"]:
            if result["id"] in body["results"]:
                result.update(way=body["way"], offers=[], state="issued", state_zh="已交付", state_en="Done")
        return jsonify(self.door.case)

    def find_result(self, result: str) -> dict[str, Any]:
        found: dict[str, Any] = next(each for each in self.door.case["results"] if each["id"] == result)
        return found

    def begin_print(self, number: str) -> tuple[Response, int]:
        result, job = self.find_result(request.get_json()["result"]), f"p{next(self.door.numbers)}"
        result.update(state="to_print", state_zh="等待打印", state_en="To be printed", offers=[])
        result["print"] = {"id": job, "place": "here", "may_be_settled": True}
        return jsonify(id=job), 201

    def print_document(self, number: str, print_id: str) -> Response:
        if self.door.files_are_away:
            return problem(503, "result_file_away", "电子证照库暂时没有给出文件", "No file now")
        return Response(RESULT_FILE, mimetype="application/pdf")

    def print_outcome(self, print_id: str) -> Response:
        outcome = request.get_json()["outcome"]
        self.door.print_outcomes.append((print_id, outcome))
        if outcome != "unknown":
            self.settle(print_id, came_out=outcome == "printed")
        return jsonify(state=outcome)

    def print_settlement(self, number: str, print_id: str) -> Response:
        self.settle(print_id, came_out=request.get_json()["came_out"])
        return jsonify(self.door.case)

    def settle(self, print_id: str, *, came_out: bool) -> None:
        for result in self.door.case["results"]:
            if (result["print"] or {}).get("id") != print_id:
                continue
            result["print"] = None
            if came_out:
                result.update(way="print", state="issued", state_zh="已交付", state_en="Done")
            else:
                result.update(
                    state="ready", state_zh="已办好", state_en="Ready", offers=["e_licence", "print"]
                )

    def shared_values(self, number: str) -> Response:
        """What registers gave for the case: the draft's found values, without their ``value``."""
        draft = make_draft("d0", [])
        fields = [each for section in draft["form"]["sections"] for each in section["fields"]]
        shared = []
        for each in fields:
            if each["fact"] in FOUND and each["source"]:
                display = str(FOUND[each["fact"]][0])
                disputed = each["fact"] in {said["fact"] for said in self.door.disputes}
                state = {"state": "disputed" if disputed else "found", "editable": not disputed}
                shared.append(each | state | {"value": None, "display_zh": display, "display_en": display})
        return jsonify(fields=shared)

    def case_dispute(self, number: str) -> tuple[Response, int]:
        self.door.disputes.append(request.get_json())
        return jsonify(self.door.case), 201

    def rating_options(self) -> Response:
        return jsonify(make_rating_options())

    def rating(self, number: str) -> tuple[Response, int]:
        body = request.get_json()
        self.door.ratings.append(body)
        for service in self.door.case["services"]:
            if service["matter"] == body.get("matter"):
                service.update(may_rate=False)
        return jsonify(rating="g1", rectification="dissatisfied" in body["level"]), 201

    def receipt(self, number: str) -> Response:
        return jsonify(make_receipt(number) | {"reprint": True})


CASE_ROUTES = (
    ("GET", "/cases", CaseViews.cases),
    ("GET", "/cases/<number>", CaseViews.case),
    ("GET", "/cases/<number>/receipt", CaseViews.receipt),
    ("POST", "/drafts/<draft>/evidence/<fact>/pages", CaseViews.evidence),
    ("DELETE", "/drafts/<draft>/evidence/<fact>/pages/<file>", CaseViews.drop_evidence),
    ("POST", "/drafts/<draft>/disputes", CaseViews.dispute),
    ("POST", "/cases/<number>/supplement-pages/<material>", CaseViews.supplement_page),
    ("DELETE", "/cases/<number>/supplement-pages/<material>/<file>", CaseViews.drop_supplement_page),
    ("GET", "/cases/<number>/supplement-pages/<material>/<file>", CaseViews.show_supplement_page),
    ("POST", "/cases/<number>/supplement", CaseViews.supplement),
    ("POST", "/cases/<number>/follow-papers", CaseViews.follow_paper),
    ("POST", "/cases/<number>/withdrawal", CaseViews.withdrawal),
    ("POST", "/cases/<number>/partial-issue", CaseViews.partial_issue),
    ("POST", "/cases/<number>/issue", CaseViews.issue),
    ("POST", "/cases/<number>/prints", CaseViews.begin_print),
    ("GET", "/cases/<number>/prints/<print_id>/document", CaseViews.print_document),
    ("POST", "/cases/<number>/prints/<print_id>/settlement", CaseViews.print_settlement),
    ("POST", "/prints/<print_id>/outcome", CaseViews.print_outcome),
    ("GET", "/rating-options", CaseViews.rating_options),
    ("POST", "/cases/<number>/ratings", CaseViews.rating),
    ("GET", "/cases/<number>/shared-values", CaseViews.shared_values),
    ("POST", "/cases/<number>/disputes", CaseViews.case_dispute),
)
