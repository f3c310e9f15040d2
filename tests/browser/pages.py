"""Every page that a person can open with an address, by the name of its URL."""

from tests.browser.site import Address

UUID = r"[0-9a-f]{8}-[0-9a-f-]{27}"
CASE, PATIENT = rf"/referrals/{UUID}/", rf"/patients/{UUID}/"
NOBODY = ""
CLINICIAN, DESK, AUDITOR, ADMINISTRATOR = "clinician.kz", "desk.kg", "auditor.kz", "administrator"
HOSPITAL = "administrator.kz"
OFFICER, SECOND_OFFICER, COORDINATOR = "officer.kz", "officer2.kz", "coordinator.kz"


def draft(step: str) -> Address:
    """A page of the filing, of the draft that has all answers."""
    links = (f"{CASE}file/check/",)
    return Address(f"referrals:file_page {step}", CLINICIAN, "/referrals/", links, f"../{step}/")


def patient(name: str, ending: str = "") -> Address:
    """A page of a patient whose consent is recorded and valid."""
    links = (CASE, PATIENT, rf"{PATIENT}consent/\d+/withdraw/")
    return Address(f"patients:{name}", CLINICIAN, "/referrals/", links, f"../../../{ending}")


def step(event: str, username: str, path: str) -> Address:
    """The page of one step on the first case of a list that allows it."""
    return Address(f"referrals:step {event}", username, path, (CASE, f"{CASE}do/{event}/"))


def tabs(name: str, username: str, path: str, parts: str) -> list[Address]:
    """The parts of one list."""
    return [Address(f"{name} {part}", username, f"{path}{part}") for part in parts.split()]


ACCOUNT = [
    Address("accounts:sign_in", NOBODY, "/accounts/sign-in/?next=/patients/"),
    Address("accounts:profile", CLINICIAN, "/accounts/profile/"),
    Address("accounts:password", CLINICIAN, "/accounts/password/"),
    Address("accounts:security", OFFICER, "/accounts/security/"),
    Address("accounts:second_step", OFFICER, "/accounts/second-step/?next=/accounts/security/"),
    Address("accounts:second_factor_new", CLINICIAN, "/accounts/security/app/"),
    Address("accounts:recovery_codes", OFFICER, "/accounts/security/codes/"),
    Address("accounts:second_factor_reset", ADMINISTRATOR, "/accounts/people/2/second-factor/"),
    Address("kept:list", CLINICIAN, "/kept/"),
    Address("messages:inbox", CLINICIAN, "/messages/"),
    Address("web:audit", AUDITOR, "/audit/"),
]
DIRECTORY = [
    Address("facilities:list", CLINICIAN, "/facilities/"),
    Address("facilities:detail", CLINICIAN, "/facilities/", (r"/facilities/\d+/",)),
    Address(
        "facilities:confirm",
        COORDINATOR,
        "/facilities/?country=KZ",
        (r"/facilities/\d+/", r"/facilities/\d+/confirm/"),
    ),
    # Who may not confirm asks those who may.
    Address(
        "facilities:confirm ask",
        CLINICIAN,
        "/facilities/?country=KG",
        (r"/facilities/\d+/", r"/facilities/\d+/confirm/"),
    ),
    Address("agreements:list", CLINICIAN, "/referrals/agreements/"),
    Address("agreements:detail", CLINICIAN, "/referrals/agreements/", (r"/referrals/agreements/[\w-]+/",)),
    Address(
        "agreements:version",
        OFFICER,
        "/referrals/agreements/",
        (r"/referrals/agreements/[\w-]+/", r"/referrals/agreements/[\w-]+/versions/\d+/"),
    ),
]
CLIENTS = [
    Address("facilities:clients", ADMINISTRATOR, "/facilities/clients/"),
    Address("facilities:client_new", ADMINISTRATOR, "/facilities/clients/new/"),
    *(
        Address(
            f"facilities:client_{what}",
            who,
            "/facilities/clients/",
            (rf"/facilities/clients/\d+/{what}/",),
        )
        # A new secret is shown to the hospital's own people alone.
        for what, who in [("rotate", HOSPITAL), ("revoke", ADMINISTRATOR)]
    ),
]
PEOPLE = [
    Address("accounts:link over", NOBODY, "/accounts/link/", status=404),
    Address("facilities:people", HOSPITAL, "/facilities/people/"),
    Address("facilities:people_invite", HOSPITAL, "/facilities/people/invite/"),
    *(
        Address(
            f"facilities:member_{what}",
            HOSPITAL,
            "/facilities/people/",
            (rf"/facilities/people/\d+/{what}/",),
        )
        for what in ["end", "link"]
    ),
]
PATIENTS = [
    Address("patients:find", CLINICIAN, "/patients/"),
    Address("patients:register", CLINICIAN, "/patients/register/"),
    Address("patients:register_unknown", CLINICIAN, "/patients/register/unknown/"),
    Address("patients:link", CLINICIAN, "/patients/register/known-elsewhere/"),
    Address("patients:locked_lookups", OFFICER, "/patients/locked-lookups/"),
    Address("retention:overview", OFFICER, "/retention/"),
    Address("retention:overview over", OFFICER, "/retention/?part=over"),
    Address("retention:erasure", OFFICER, "/retention/", (r"/retention/erasures/\d+/",)),
    Address("retention:hold_new", OFFICER, "/retention/holds/new/"),
    Address("retention:hold_lift", OFFICER, "/retention/", (r"/retention/holds/\d+/lift/",)),
    Address("retention:period", OFFICER, "/retention/", (r"/retention/periods/\d+/",)),
    Address(
        "erasure:ask",
        CLINICIAN,
        "/referrals/",
        (CASE, PATIENT, rf"{PATIENT}consent/\d+/withdraw/"),
        "../../../erasure/",
    ),
    patient("detail"),
    patient("edit", "edit/"),
    patient("merge_choose", "merge/"),
    patient("identifier_add", "numbers/"),
    patient("consent", "consent/"),
    patient("coverage", "coverage/"),
    Address(
        "web:statement",
        CLINICIAN,
        "/referrals/",
        (CASE, PATIENT, rf"{PATIENT}consent/\d+/withdraw/"),
        "../../../statement/",
    ),
    Address(
        "web:export",
        CLINICIAN,
        "/referrals/",
        (CASE, PATIENT, rf"{PATIENT}consent/\d+/withdraw/"),
        "../../../export/",
    ),
    Address(
        "patients:merge", CLINICIAN, "/patients/", (PATIENT, f"{PATIENT}merge/", rf"{PATIENT}merge/{UUID}/")
    ),
    Address("patients:merge_undo", CLINICIAN, "/patients/", (PATIENT, rf"{PATIENT}merges/\d+/undo/")),
    Address(
        "patients:coverage_correct",
        CLINICIAN,
        "/referrals/",
        (CASE, PATIENT, rf"{PATIENT}coverage/\d+/"),
    ),
    Address("patients:own_number", CLINICIAN, "/referrals/", (CASE, PATIENT), "own-number/"),
    Address(
        "patients:consent_withdraw",
        CLINICIAN,
        "/referrals/",
        (CASE, PATIENT, rf"{PATIENT}consent/\d+/withdraw/"),
    ),
    Address(
        "patients:identifier_remove",
        CLINICIAN,
        "/referrals/",
        (CASE, PATIENT, rf"{PATIENT}numbers/\d+/remove/"),
    ),
]
FILING = [
    *tabs("referrals:worklist", CLINICIAN, "/referrals/?tab=", "mine others over"),
    Address("referrals:start", CLINICIAN, "/referrals/start/"),
    Address(
        "referrals:start patient", CLINICIAN, "/patients/", (PATIENT, rf"/referrals/start/\?patient={UUID}")
    ),
    *(
        draft(name)
        for name in ["care", "diagnosis", "time", "evidence", "where", "payer", "consent", "check"]
    ),
    Address("referrals:file_page wait", CLINICIAN, "/referrals/", (f"{CASE}file/care/",), "../where/"),
]
CASES = [
    Address("referrals:detail asked", CLINICIAN, "/referrals/", (CASE, f"{CASE}do/answer/"), "../../"),
    Address("referrals:detail refused", CLINICIAN, "/referrals/", (CASE, f"{CASE}do/appeal/"), "../../"),
    Address("referrals:detail discharged", CLINICIAN, "/referrals/", (CASE, f"{CASE}do/close/"), "../../"),
    Address("referrals:detail sent", CLINICIAN, "/referrals/?tab=others", (CASE,)),
    Address("referrals:detail over", CLINICIAN, "/referrals/?tab=over", (CASE,)),
    Address("referrals:detail officer", OFFICER, "/referrals/decisions/?part=with_hosts", (CASE,)),
    Address("referrals:detail desk", DESK, "/referrals/desk/?part=preparation", (CASE,)),
    Address("referrals:papers", CLINICIAN, "/referrals/?tab=others", (CASE, f"{CASE}papers/")),
    Address("referrals:itinerary", DESK, "/referrals/desk/?part=preparation", (CASE, f"{CASE}itinerary/")),
    Address("verify:ask", NOBODY, "/verify/"),
    Address("verify:one", NOBODY, "/verify/0000-0000-0000-0000", status=404),
    Address("referrals:own_number", DESK, "/referrals/desk/?part=preparation", (CASE,), "own-number/"),
    *(step(event, CLINICIAN, "/referrals/") for event in ["answer", "appeal", "close", "withdraw"]),
    *(step(event, CLINICIAN, "/referrals/") for event in ["record_death", "enter_in_error"]),
    *(
        step(event, CLINICIAN, "/referrals/?tab=others")
        for event in ["add_evidence", "complete_facts", "record_consilium", "raise_urgency", "change_host"]
    ),
    Address("referrals:step discard", CLINICIAN, "/referrals/", (f"{CASE}file/check/",), "../../do/discard/"),
]
MINISTRY = [
    Address("referrals:alerts", CLINICIAN, "/referrals/alerts/"),
    Address("referrals:alert", OFFICER, "/referrals/alerts/", (r"/referrals/alerts/\d+/",)),
    Address("referrals:alert_new", OFFICER, "/referrals/alerts/new/"),
    Address("referrals:emergency_accesses", OFFICER, "/referrals/emergency-accesses/"),
    *tabs(
        "referrals:decisions",
        OFFICER,
        "/referrals/decisions/?part=",
        "to_decide stopped declined emergencies appeals with_hosts all",
    ),
    Address("referrals:decide", OFFICER, "/referrals/decisions/", (f"{CASE}decide/.part=to_decide",)),
    Address(
        "referrals:decide appeal", SECOND_OFFICER, "/referrals/decisions/?part=appeals", (CASE,), "decide/"
    ),
    Address("referrals:decide own", OFFICER, "/referrals/decisions/?part=appeals", (CASE,), "decide/"),
    Address("referrals:decide decided", OFFICER, "/referrals/decisions/?part=with_hosts", (CASE,), "decide/"),
    step("request_information", OFFICER, "/referrals/decisions/"),
    *(
        step(event, OFFICER, "/referrals/decisions/?part=with_hosts")
        for event in ["extend", "revoke", "cancel"]
    ),
    *(step(event, SECOND_OFFICER, "/referrals/decisions/?part=appeals") for event in ["uphold", "overturn"]),
    step("review_emergency", OFFICER, "/referrals/decisions/?part=emergencies"),
    step("re_route", COORDINATOR, "/referrals/decisions/?part=declined"),
    *(
        step(event, COORDINATOR, "/referrals/decisions/?part=all")
        for event in ["accept_by_telephone", "decline_by_telephone"]
    ),
]
HOST = [
    *tabs("referrals:desk", DESK, "/referrals/desk/?part=", "answer preparation in_care over"),
    *(step(event, DESK, "/referrals/desk/?part=answer") for event in ["accept", "decline"]),
    *(
        step(event, DESK, "/referrals/desk/?part=preparation")
        for event in ["schedule", "reschedule", "admit"]
    ),
    step("discharge", DESK, "/referrals/desk/?part=in_care"),
]
ERRORS = [
    Address("error 403", OFFICER, "/patients/", status=403),
    Address("error 404", CLINICIAN, "/facilities/999999/", status=404),
    Address("error 409", CLINICIAN, "/referrals/", (CASE, f"{CASE}do/answer/"), "../close/", status=409),
]
API = [Address("api:docs", NOBODY, "/api/v1/docs/")]

PAGES = [*ACCOUNT, *DIRECTORY, *CLIENTS, *PEOPLE, *PATIENTS, *FILING, *CASES, *MINISTRY, *HOST, *ERRORS, *API]

# What can be opened with GET and is no page of ours.
NO_PAGES = {
    "web:home": "leads on to the page of the role",
    "patients:link_end": "only where a consent let another hospital read; test_consent_terms.py looks at it",
    "referrals:emergency_open": "only while a host’s data are hidden; test_emergency_access.py looks at it",
    "referrals:emergency_review": "only once somebody opened a case; test_emergency_access.py looks at it",
    "accounts:link_password": "only behind a link of an e-mail; test_password_links.py looks at it",
    "facilities:role_decide": "only while a role waits; test_roles.py looks at it",
    "facilities:client_accept": "only while a system waits; test_api_credentials.py looks at it",
    "accounts:method_remove": "of a method that the demonstration has no telephone for; test_second_factor.py asks it",
    "kept:detail": "only what somebody has typed; test_bad_input.py looks at it",
    "web:healthz": "a word for a load balancer",
    "web:readyz": "a word for a load balancer",
    "web:security_txt": "a text for finders of weaknesses",
    "referrals:paper": "a PDF",
    "referrals:itinerary_paper": "a PDF",
    "trust:keys": "a list for programs",
    "trust:keys_of": "a list for programs",
    "facilities:icd10_suggest": "JSON for the script",
    "facilities:district_suggest": "JSON for the script",
    "patients:district_suggest": "JSON for the script",
    "patients:unlock_lookups": "of a lock that the demonstration has none of; test_records_of_others.py opens one",
    "referrals:check_fragment": "a fragment of the referral’s page",
    "agreements:edit": "only of a draft; test_register.py looks at it",
    "agreements:chain": "only of a draft; test_register.py looks at it",
    "agreements:stage": "only of a draft; test_register.py looks at it",
}
# What only takes POST.
POSTED = {
    "accounts:passkey_add",
    "accounts:passkey_challenge",
    "accounts:passkey_options",
    "accounts:passkey_show",
    "accounts:sessions_end",
    "accounts:sign_out",
    "agreements:act",
    "agreements:draft",
    "agreements:remove_chain",
    "agreements:remove_stage",
    "facilities:ask_to_confirm",
    "facilities:switch_organisation",
    "messages:open",
    "patients:death_confirm",
    "messages:read_all",
    "referrals:autosave",
    "referrals:submit",
    "retention:period_approve",
    "retention:period_withdraw",
    "set_language",
}
# Whose pages are Django's own, or answers for programs.
OTHERS = ("admin:", "oauth:", "api:")
