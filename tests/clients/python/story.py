"""The whole story by the client that openapi-python-client makes: typed by `mypy --strict`, without a cast.

python story.py http://127.0.0.1:8000 credentials.json
"""

import json
import sys
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import httpx
from portal_client import AuthenticatedClient
from portal_client import models as m
from portal_client.api.about import read_me
from portal_client.api.directory import read_facility, search_icd_10
from portal_client.api.events import list_events
from portal_client.api.patients import (
    change_patient,
    read_patient,
    record_consent,
    record_coverage,
    register_patient,
    search_patients,
)
from portal_client.api.referrals import (
    accept_referral,
    add_evidence_referral,
    admit_referral,
    close_referral,
    create_referral,
    decline_referral,
    discharge_referral,
    edit_draft,
    list_referrals,
    read_referral,
    schedule_referral,
    submit_referral,
)
from portal_client.types import Response

Said = TypeVar("Said")


class Refused(Exception):
    """An answer of another kind than the one that was hoped for."""


def of(kind: type[Said], said: object) -> Said:
    """What was said, if it is of this kind. Raises Refused."""
    if not isinstance(said, kind):
        raise Refused(said)
    return said


class Hospital:
    """A hospital's own system: its client, signed in."""

    def __init__(self, url: str, client_id: str, client_secret: str) -> None:
        form = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": client_secret}
        said: object = httpx.post(f"{url}/oauth/token", data=form).json()
        self.client = AuthenticatedClient(
            base_url=url, token=of(str, of(dict, said)["access_token"]), raise_on_unexpected_status=True
        )

    def read(self, referral: uuid.UUID) -> tuple[m.ReferralCase, str]:
        """A case and its ETag."""
        answer = read_referral.sync_detailed(referral, client=self.client)
        return of(m.ReferralCase, answer.parsed), answer.headers["ETag"]

    def step(
        self,
        referral: uuid.UUID,
        take: Callable[[AuthenticatedClient, str, str], Response[m.Problem | m.ReferralCase]],
        state: str,
    ) -> m.ReferralCase:
        """Take a step on the case as it is read now, twice with one key: it is taken once."""
        _case, etag = self.read(referral)
        key = str(uuid.uuid4())
        done = of(m.ReferralCase, take(self.client, etag, key).parsed)
        again = take(self.client, etag, key)
        assert again.headers["Idempotent-Replayed"] == "true"
        assert of(m.ReferralCase, again.parsed).state == done.state == state, done.state
        return done


def followed(hospital: Hospital, place: str) -> Iterator[m.FeedEvent]:
    """Every event behind the place, page by page."""
    more = True
    while more:
        page = of(m.EventPage, list_events.sync(client=hospital.client, after=place, limit=10))
        yield from page.results
        place, more = page.after, page.more


def credentials(file: str) -> tuple[dict[str, str], dict[str, str]]:
    """Those of a hospital, and of one across the border."""
    clients: object = of(dict, json.loads(Path(file).read_text("utf-8")))["clients"]
    rows = [{str(name): str(value) for name, value in of(dict, row).items()} for row in of(list, clients)]
    return rows[0], next(row for row in rows if row["country"] != rows[0]["country"])


def main(url: str, file: str) -> None:
    ours, abroad = credentials(file)
    sender = Hospital(url, ours["client_id"], ours["client_secret"])
    host = Hospital(url, abroad["client_id"], abroad["client_secret"])
    before = of(m.EventPage, list_events.sync(client=host.client, after="now")).after
    me = of(m.MeAnswer, read_me.sync(client=host.client))
    facility = of(m.FacilityDetail, read_facility.sync(of(int, me.organisation_id), client=host.client))
    offered = facility.services[0].specialty
    codes = of(m.CodeSuggestion, search_icd_10.sync(client=sender.client, q="I34.0"))
    diagnosis = codes.results[0].code

    today, now = date.today(), datetime.now(UTC)

    def filed() -> m.ReferralCase:
        person = sender_patient(sender, today, abroad["country"])
        consent = of(
            m.ConsentRow,
            record_consent.sync(
                person,
                client=sender.client,
                body=m.ConsentInput(
                    purpose=m.PurposeChoice.TREATMENT,
                    recipient_country=m.CountryChoice(abroad["country"]),
                    how=m.HowChoice.WRITTEN,
                    valid_from=today,
                    valid_to=today + timedelta(days=90),
                ),
            ),
        )
        body = m.ReferralInput(
            patient=person,
            priority=m.PriorityChoice.STAT,
            consent=consent.id,
            host_facility=facility.code,
            specialty=m.CodingInput(code=offered.code, system=offered.system),
            service="Emergency admission",
            care_mode=m.CareModeChoice.INPATIENT,
            diagnosis=m.DiagnosisInput(code=diagnosis),
            payer=m.PayerChoice.FUND,
            triage_note="Life threat.",
            goal="Stabilise.",
            report=m.ReportInput(
                dated_on=today, author="Doctor Test", text="Lung oedema since this morning."
            ),
        )
        made = create_referral.sync_detailed(
            client=sender.client, body=body, idempotency_key=str(uuid.uuid4())
        )
        case = of(m.ReferralCase, made.parsed)
        change = m.PatchedDraftChangeInput(
            clinical_reason="Lung oedema.", record_number=f"R-{case.id.hex[:8]}"
        )
        edited = edit_draft.sync_detailed(
            case.id, client=sender.client, body=change, if_match=made.headers["ETag"]
        )
        assert edited.headers["ETag"] != made.headers["ETag"]
        late = submit_referral.sync_detailed(case.id, client=sender.client, if_match=made.headers["ETag"])
        assert of(m.Problem, late.parsed).code == "stale"
        return sender.step(
            case.id,
            lambda client, etag, key: submit_referral.sync_detailed(
                case.id, client=client, if_match=etag, idempotency_key=key
            ),
            "sent",
        )

    declined = filed()
    host.step(
        declined.id,
        lambda client, etag, key: decline_referral.sync_detailed(
            declined.id,
            client=client,
            body=m.DeclineInput(
                reason_code=m.DeclineReasonCodeChoice.NO_CAPACITY, reason_text="No bed until Monday."
            ),
            if_match=etag,
            idempotency_key=key,
        ),
        "declined",
    )

    case = filed()
    listed = of(
        m.ReferralPage,
        list_referrals.sync(
            client=host.client, state=[m.ListReferralsStateItem.SENT], number=of(str, case.number)
        ),
    )
    assert [row.id for row in listed.results] == [case.id]
    stay = m.StayInput(starts_at=now + timedelta(minutes=30), ends_at=now + timedelta(days=2))
    host.step(
        case.id,
        lambda client, etag, key: accept_referral.sync_detailed(
            case.id, client=client, body=stay, if_match=etag, idempotency_key=key
        ),
        "accepted",
    )
    sender.step(
        case.id,
        lambda client, etag, key: add_evidence_referral.sync_detailed(
            case.id,
            client=client,
            body=m.ReportInput(dated_on=today, author="Doctor Test", text="Better since noon."),
            if_match=etag,
            idempotency_key=key,
        ),
        "accepted",
    )
    host.step(
        case.id,
        lambda client, etag, key: schedule_referral.sync_detailed(
            case.id, client=client, body=stay, if_match=etag, idempotency_key=key
        ),
        "scheduled",
    )
    host.step(
        case.id,
        lambda client, etag, key: admit_referral.sync_detailed(
            case.id, client=client, if_match=etag, idempotency_key=key
        ),
        "in_care",
    )
    host.step(
        case.id,
        lambda client, etag, key: discharge_referral.sync_detailed(
            case.id,
            client=client,
            body=m.DischargeInput(
                admitted_on=today,
                discharged_on=today,
                care_given="Treated.",
                outcome="Stable.",
                advice="Rest for a week.",
            ),
            if_match=etag,
            idempotency_key=key,
        ),
        "discharged",
    )
    read, _etag = sender.read(case.id)
    summary = of(m.DischargePart, of(m.ClinicalPart, read.clinical).discharge_summary)
    assert summary.advice == "Rest for a week."
    sender.step(
        case.id,
        lambda client, etag, key: close_referral.sync_detailed(
            case.id, client=client, if_match=etag, idempotency_key=key
        ),
        "closed",
    )
    told = [event for event in followed(host, before) if event.subject.id == str(case.id)]
    assert [event.type_ for event in told][-1] == "referral.close"
    assert len({event.id for event in told}) == len(told)
    print(f"told: {case.number}, {len(told)} events")


def sender_patient(sender: Hospital, today: date, country: str) -> uuid.UUID:
    """A patient who is looked for, registered, found again by the hospital's own number, changed and read."""
    own = f"MRN-{uuid.uuid4().hex[:12]}"
    search = m.PatientSearchInput(record_number=own)
    assert of(m.FoundPatientPage, search_patients.sync(client=sender.client, body=search)).results == []
    made = register_patient.sync_detailed(
        client=sender.client,
        idempotency_key=own,
        body=m.PatientInput(
            family_name="Test",
            given_name="Patient",
            birth_date="1980-05-17",
            sex=m.PatientSexChoice.FEMALE,
            is_synthetic=True,
            duplicate_checked=True,
            record_number=own,
        ),
    )
    patient = of(m.PatientDetail, made.parsed)
    found = of(m.FoundPatientPage, search_patients.sync(client=sender.client, body=search))
    assert [row.id for row in found.results] == [patient.id]
    changed = change_patient.sync(
        patient.id,
        client=sender.client,
        body=m.PatchedPatientChangeInput(phone="+77010000001"),
        if_match=made.headers["ETag"],
    )
    assert of(m.PatientDetail, changed).phone == "+77010000001"
    coverage = record_coverage.sync(
        patient.id,
        client=sender.client,
        body=m.CoverageInput(kind=m.CoverageKindChoice.SELF, source=m.SourceChoice.STATED, valid_from=today),
    )
    kept = of(m.PatientDetail, read_patient.sync(patient.id, client=sender.client)).coverages
    assert of(m.CoverageRow, coverage).id in [row.id for row in kept]
    return patient.id


if __name__ == "__main__":
    main(*sys.argv[1:3])
