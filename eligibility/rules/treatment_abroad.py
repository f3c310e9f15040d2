"""KZL-01: on the list of care for which Kazakhstan sends abroad (order ҚР ДСМ-45 of 26 May 2021)."""

from eligibility.declare import FAIL, NEEDS_REVIEW, NOT_APPLICABLE, PASS, Finding, MendedIn, Result, rule
from eligibility.evidence import Evidence
from eligibility.facts import Facts
from eligibility.text import _

#: The kind of document in which the commission concludes.
KIND = "commission_minutes"
LIST = Evidence("treatment_abroad_list", _("list of treatment abroad"))
MINUTES = Evidence(KIND, _("commission’s minutes"))

NOT_ASKED = Finding(
    "kzl_not_asked",
    NOT_APPLICABLE,
    _("The list counts for planned care that a public payer of Kazakhstan pays for."),
)
NO_LIST = Finding(
    "kzl_no_list",
    NEEDS_REVIEW,
    _("No entry of the list of treatment abroad is recorded as in force today."),
    remedy=_("The officer looks the care up in the published list."),
    mended_in=MendedIn.OFFICER,
)
NOT_LISTED = Finding(
    "kzl_not_listed",
    FAIL,
    _("The diagnosis %(diagnosis)s is on no entry of the list of treatment abroad."),
    remedy=_("Look for another payer, or correct the diagnosis if it was coded too broadly."),
    evidence=(LIST,),
)
NOT_CONCLUDED = Finding(
    "kzl_not_concluded",
    NEEDS_REVIEW,
    _("On the list as %(code)s (%(care)s); the commission’s conclusion is not stated."),
    remedy=_("State what the commission concluded, and add its minutes."),
    evidence=(LIST,),
)
MAY_INVITE = Finding(
    "kzl_may_invite",
    NEEDS_REVIEW,
    _(
        "On the list as %(code)s (%(care)s), care that an invited specialist may give at home; the commission’s "
        "conclusion is not stated."
    ),
    remedy=_("State what the commission concluded, and add its minutes."),
    evidence=(LIST,),
)
NO_MINUTES = Finding(
    "kzl_no_minutes",
    NEEDS_REVIEW,
    _("The commission’s conclusion is stated, and its minutes are not there."),
    remedy=_("Add the commission’s minutes."),
    evidence=(LIST,),
    mended_in=MendedIn.DOCUMENT,
)
INVITE = Finding(
    "kzl_invite",
    FAIL,
    _("By the commission’s minutes of %(date)s: treat here by an invited specialist (%(code)s, %(care)s)."),
    remedy=_("Ask the hospital at home to invite the specialist, and withdraw the referral."),
    evidence=(LIST, MINUTES),
    mended_in=MendedIn.WITHDRAWAL,
)
AGAINST = Finding(
    "kzl_against",
    FAIL,
    _("By its minutes of %(date)s the commission does not send the patient abroad."),
    remedy=_("Treat the patient at home, or state a newer conclusion of the commission."),
    evidence=(LIST, MINUTES),
)
LISTED = Finding(
    "kzl_listed",
    PASS,
    _(
        "On the list as %(code)s (%(care)s); by its minutes of %(date)s the commission sends the patient abroad."
    ),
    evidence=(LIST, MINUTES),
)


@rule(
    "KZL-01",
    position=94,
    title=_("List of treatment abroad"),
    basis=_("Order of the health ministry of 26 May 2021 on treatment abroad"),
    mended_in=MendedIn.MEANS,
)
def treatment_abroad(facts: Facts) -> Result:
    """Whether the diagnosis is on the list as it is today, and what the commission concluded."""
    if facts.directing_country != "KZ" or facts.is_emergency or not facts.is_publicly_paid:
        return NOT_ASKED()
    if not facts.list_is_kept:
        return NO_LIST()
    entries = [
        item
        for item in facts.listed
        if (item.since is None or item.since <= facts.today)
        and (item.until is None or facts.today <= item.until)
    ]
    if not entries:
        return NOT_LISTED(diagnosis=facts.diagnosis_code)
    entry = min(entries, key=lambda item: item.code)
    shown = {"code": entry.code, "care": dict(entry.name)}
    stated = facts.circumstances.commission
    if not stated:
        return (MAY_INVITE if entry.invited else NOT_CONCLUDED)(**shown)
    dated = max((item.dated_on for item in facts.documents if item.kind == KIND), default=None)
    if dated is None:
        return NO_MINUTES(**shown)
    return {"abroad": LISTED, "invite": INVITE}.get(stated, AGAINST)(**shown, date=dated.isoformat())
