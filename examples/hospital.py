#!/usr/bin/env python3
"""One hospital files an emergency referral by API, another across the border answers it. Standard library only.

python3 examples/hospital.py [--url http://127.0.0.1:8000] [--credentials var/demo/credentials.json]
"""

import argparse
import json
import uuid
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlencode
from urllib.request import Request, urlopen


class Hospital:
    """A hospital's own system: gets a token, then reads and changes."""

    def __init__(self, url, client_id, client_secret):
        self.url = url
        form = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": client_secret}
        with urlopen(Request(f"{url}/oauth/token", urlencode(form).encode())) as response:
            self.token = json.load(response)["access_token"]

    def call(self, method, path, content=None, etag=None):
        """Send a request; a new Idempotency-Key makes it safe to send once more when no answer arrives."""
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        if method == "POST":
            headers["Idempotency-Key"] = str(uuid.uuid4())
        if etag:
            headers["If-Match"] = etag
        data = None if content is None else json.dumps(content).encode()
        path = path if path.startswith("/") else f"/api/v1/{path}"
        with urlopen(Request(f"{self.url}{path}", data, headers, method=method)) as response:
            return json.load(response), response.headers.get("ETag")

    def step(self, referral, step, content=None):
        """Read the referral, look whether the step is allowed now, and take it on the version that was read."""
        case, etag = self.call("GET", f"referrals/{referral}/")
        case, _etag = self.call("POST", case["links"]["steps"][step], content or {}, etag)
        print(f"  {step}: now {case['state_display']}")
        return case


def main(url, clients):
    first = clients[0]
    second = next(client for client in clients if client["country"] != first["country"])
    sender, host = (Hospital(url, one["client_id"], one["client_secret"]) for one in (first, second))
    me, _etag = host.call("GET", "me/")
    facility, _etag = host.call("GET", f"facilities/{me['organisation_id']}/")
    day = date.today()
    patient, _etag = sender.call("POST", "patients/", {
        "family_name": "Test", "given_name": "Patient", "birth_date": "1980-05-17", "sex": "female",
        "is_synthetic": True, "duplicate_checked": True,
    })  # fmt: skip
    consent, _etag = sender.call("POST", f"patients/{patient['id']}/consents/", {
        "purpose": "treatment", "recipient_country": second["country"], "how": "written",
        "valid_from": day.isoformat(), "valid_to": (day + timedelta(days=90)).isoformat(),
    })  # fmt: skip
    case, _etag = sender.call("POST", "referrals/", {
        "submit": True, "priority": "stat", "patient": patient["id"], "consent": consent["id"],
        "specialty": facility["services"][0]["specialty"], "service": "Emergency admission",
        "care_mode": "inpatient", "diagnosis": {"code": "I34.0"}, "clinical_reason": "Lung oedema.",
        "goal": "Stabilise.", "triage_note": "Life threat.", "host_facility": facility["code"], "payer": "fund",
    })  # fmt: skip
    print(f"{me['organisation']} receives {case['number']}: {case['state_display']}")
    listed, _etag = host.call("GET", "referrals/?direction=received&state=sent")
    assert case["id"] in [row["id"] for row in listed["results"]]
    start = datetime.now(UTC) + timedelta(minutes=30)
    stay = {"starts_at": start.isoformat(), "ends_at": (start + timedelta(days=2)).isoformat()}
    host.step(case["id"], "accept", stay)
    host.step(case["id"], "admit")
    host.step(case["id"], "discharge", {
        "admitted_on": day.isoformat(), "discharged_on": day.isoformat(),
        "care_given": "Treated.", "outcome": "Stable.", "advice": "Rest for a week.",
    })  # fmt: skip
    return sender.step(case["id"], "close")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--url", default="http://127.0.0.1:8000")
    parser.add_argument("--credentials", default="var/demo/credentials.json")
    arguments = parser.parse_args()
    with open(arguments.credentials, encoding="utf-8") as file:
        main(arguments.url, json.load(file)["clients"])
