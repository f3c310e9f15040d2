#!/usr/bin/env python3
"""One hospital files an emergency referral by API, another across the border answers it. Standard library only."""
# python3 examples/hospital.py [http://127.0.0.1:8000 [var/demo/credentials.json]]

import json
import sys
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import Request, urlopen


class Hospital:
    def __init__(self, url, client_id, client_secret, **_others):
        self.url = url
        form = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": client_secret}
        with urlopen(Request(f"{url}/oauth/token", urlencode(form).encode())) as answer:
            self.token = json.load(answer)["access_token"]

    def call(self, method, path, content=None, **headers):
        headers |= {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        headers["Idempotency-Key"] = str(uuid.uuid4())  # a POST may be sent once more when no answer arrives
        data = json.dumps(content or {}).encode() if method == "POST" else None
        with urlopen(Request(f"{self.url}{path}", data, headers, method=method)) as answer:
            return json.load(answer) | {"etag": answer.headers["ETag"]}

    def step(self, referral, step, **content):  # a case links to the steps that are allowed now
        case = self.call("GET", f"/api/v1/referrals/{referral}/")
        case = self.call("POST", case["links"]["steps"][step], content, **{"If-Match": case["etag"]})
        print(f"  {step}: now {case['state_display']}")


defaults = ["http://127.0.0.1:8000", "var/demo/credentials.json"]
url, file = [*sys.argv[1:], *defaults[len(sys.argv) - 1 :]]
clients = json.loads(Path(file).read_text("utf-8"))["clients"]
abroad = next(client for client in clients if client["country"] != clients[0]["country"])
sender, host = Hospital(url, **clients[0]), Hospital(url, **abroad)
me, before = host.call("GET", "/api/v1/me/"), host.call("GET", "/api/v1/events/?after=now")["after"]
facility = host.call("GET", f"/api/v1/facilities/{me['organisation_id']}/")
now = datetime.now(UTC)
today, soon = now.date().isoformat(), (now + timedelta(days=90)).date().isoformat()
patient = sender.call("POST", "/api/v1/patients/", {"family_name": "Test", "given_name": "Patient",
    "birth_date": "1980-05-17", "sex": "female", "is_synthetic": True, "duplicate_checked": True})  # fmt: skip
consent = sender.call("POST", f"/api/v1/patients/{patient['id']}/consents/", {"purpose": "treatment",
    "recipient_country": abroad["country"], "how": "written", "valid_from": today, "valid_to": soon})  # fmt: skip
case = sender.call("POST", "/api/v1/referrals/", {
    "submit": True, "priority": "stat", "patient": patient["id"], "consent": consent["id"],
    "host_facility": facility["code"], "specialty": facility["services"][0]["specialty"],
    "service": "Emergency admission", "care_mode": "inpatient", "diagnosis": {"code": "I34.0"}, "payer": "fund",
    "clinical_reason": "Lung oedema.", "triage_note": "Life threat.", "goal": "Stabilise."})  # fmt: skip
print(f"{me['organisation']} receives {case['number']}: {case['state_display']}")
news = host.call("GET", f"/api/v1/events/?after={before}")  # what changed; then keep its "after"
assert case["id"] in [event["subject"]["id"] for event in news["results"]]
start, end = now + timedelta(minutes=30), now + timedelta(days=2)
host.step(case["id"], "accept", starts_at=start.isoformat(), ends_at=end.isoformat())
host.step(case["id"], "admit")
host.step(case["id"], "discharge", admitted_on=today, discharged_on=today,
    care_given="Treated.", outcome="Stable.", advice="Rest for a week.")  # fmt: skip
sender.step(case["id"], "close")
