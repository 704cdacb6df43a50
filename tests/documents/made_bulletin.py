"""A bulletin made for tests: invented numbers of an invented month."""

from dataclasses import replace
from datetime import UTC, date, datetime

from onething.domain.bulletin import Bulletin
from onething.domain.catalog import Label
from onething.domain.listing import LateLine
from onething.domain.statistics import (
    CaseNumbers,
    Colours,
    DepartmentNumbers,
    Disputed,
    Kept,
    Period,
    Rated,
    Saved,
    SourceHealth,
    Statistics,
    ThingNumbers,
    Waiting,
)

PERIOD = Period.of_month(2026, 11)
LEVELS = {
    "very_satisfied": 61,
    "satisfied": 30,
    "basically_satisfied": 6,
    "dissatisfied": 2,
    "very_dissatisfied": 1,
}
DEPARTMENTS = {
    "GA": Label("公安局", "Public security"),
    "YB": Label("医疗保障局", "Healthcare security"),
    "RS": Label("人力资源和社会保障局", "Human resources and social security"),
    "SJ": Label("市场监督管理局", "Market regulation"),
    "XF": Label("消防救援大队", "Fire and rescue"),
    "TY": Label("退役军人事务局", "Veterans' affairs"),
}
THINGS = {
    "P-NEWBORN": Label("新生儿出生", "A child is born"),
    "E-RESTAURANT": Label("开办餐饮店", "Opening a restaurant"),
    "P-DISABILITY": Label("残疾人服务", "Services for disabled people"),
}
MATTERS = {
    ("P-NEWBORN", "SOCIAL_CARD"): Label("申领社会保障卡", "Social security card"),
    ("E-RESTAURANT", "FIRE_CHECK"): Label("公众聚集场所投入使用、营业前消防安全检查", "Fire check"),
}
SOURCES = {
    "birth_register": Label("出生医学证明信息", "Births"),
    "marriage_register": Label("婚姻登记信息", "Marriages"),
}


def made_statistics() -> Statistics:
    """A month in which one department is late twice."""
    rated = Rated(LEVELS, rectifications_open=1, rectifications_settled=2, rectifications_overdue=1)
    low = Rated({"very_satisfied": 8, "dissatisfied": 2, "very_dissatisfied": 1}, 1, 2, 1)
    departments = (
        DepartmentNumbers("GA", 131, Kept(112, 14, 0), 1, 2, 0, 0, 0, Colours(18, 2, 0, 1)),
        DepartmentNumbers("YB", 120, Kept(99, 17, 0), 0, 0, 0, 0, 0, Colours(9, 0, 0, 0)),
        DepartmentNumbers("RS", 118, Kept(61, 40, 2), 0, 0, 1, 1, 1, Colours(12, 5, 2, 0), low),
        DepartmentNumbers("SJ", 34, Kept(30, 2, 0), 2, 3, 0, 0, 0, Colours(4, 1, 0, 2)),
        DepartmentNumbers("XF", 31, Kept(11, 9, 4), 1, 9, 3, 2, 1, Colours(5, 2, 1, 4)),
        DepartmentNumbers("TY"),
    )
    return Statistics(
        period=PERIOD,
        today=date(2026, 12, 1),
        cases=CaseNumbers(165, 158, 3, 2, 11, Kept(119, 24, 5)),
        open_cases=Colours(21, 6, 3, 5),
        departments=departments,
        things=(
            ThingNumbers("P-NEWBORN", 120, Kept(99, 17, 1), Waiting(4, 6, 117)),
            ThingNumbers("E-RESTAURANT", 34, Kept(15, 7, 4), Waiting(9, 17, 26)),
            ThingNumbers("P-DISABILITY", 11, Kept(5, 0, 0), None),
        ),
        saved=Saved(4102, 3391, 812, 143, 604),
        rated=rated,
        sources=(
            SourceHealth("birth_register", 118, 4, 0),
            SourceHealth("marriage_register", 101, 16, 9, {"slow": 7, "down": 2}),
        ),
        disputes=(Disputed("marriage_register", {"open": 1, "corrected": 2, "explained": 1}),),
        staff_calls=23,
        staff_calls_answered=22,
    )


def made_bulletin(statistics: Statistics | None = None) -> Bulletin:
    """The bulletin of that month."""
    now = statistics or made_statistics()
    before = replace(
        now,
        cases=CaseNumbers(140, 139, 1, 0, 6, Kept(101, 30, 6)),
        saved=Saved(3600, 2800, 690, 150, 520),
    )
    return Bulletin(
        county_zh="新县",
        issued_by_zh="新县行政审批和政务信息管理局",
        year=2026,
        number=11,
        made_at=datetime(2026, 12, 1, 1, 0, tzinfo=UTC),
        statistics=now,
        previous=before,
        late=(
            LateLine(
                "p1",
                "XJ26B7K4M2",
                "P-NEWBORN",
                "SOCIAL_CARD",
                "RS",
                date(2026, 11, 12),
                date(2026, 11, 16),
                "411523",
            ),
            LateLine(
                "p2", "XJ26C9T3H8", "E-RESTAURANT", "FIRE_CHECK", "XF", date(2026, 11, 20), None, "411523"
            ),
        ),
        late_not_listed=0,
        departments=DEPARTMENTS,
        things=THINGS,
        matters=MATTERS,
        sources=SOURCES,
    )
