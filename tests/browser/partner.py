"""A partner's own system: nothing but the standard library, a client's id and secret, and HTTP."""

import json
import time
from datetime import timedelta
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen
from uuid import uuid4

from django.utils import timezone

from tests.demonstration import Demo


class Partner:
    """The system of one organisation, with a short-lived token."""

    def __init__(self, demo: Demo, organisation: str) -> None:
        self.url = demo.url
        client = next(one for one in demo.credentials["clients"] if organisation in one["organisation"])
        fields = {
            "grant_type": "client_credentials",
            "client_id": client["client_id"],
            "client_secret": client["client_secret"],
        }
        with urlopen(f"{self.url}/oauth/token", urlencode(fields).encode()) as answer:
            self.token = json.load(answer)
        self.etag = ""

    def ask(self, path: str, content: Any = None, **headers: str) -> Any:
        """Read an address below /api/v1/, or post content to it; the answer's content. Keeps its ETag."""
        request = Request(
            f"{self.url}/api/v1/{path}",
            None if content is None else json.dumps(content).encode(),
            {
                "Authorization": f"Bearer {self.token['access_token']}",
                "Content-Type": "application/json",
                "Idempotency-Key": str(uuid4()),
                **{name.replace("_", "-"): value for name, value in headers.items()},
            },
        )
        try:
            with urlopen(request) as answer:
                self.etag = answer.headers["ETag"] or ""
                return json.load(answer)
        except HTTPError as error:
            raise AssertionError(f"{path}: {error.code} {error.read().decode()}") from error

    def step(self, referral: str, step: str, content: Any) -> Any:
        """Take a step on the referral as it stands now."""
        self.ask(f"referrals/{referral}/")
        return self.ask(f"referrals/{referral}/{step}/", content, If_Match=self.etag)

    def file(self, host: str, **person: Any) -> dict[str, Any]:
        """A referral of a new patient for planned care at a Kyrgyz host, filed and checked."""
        patient = self.ask("patients/", {**person, "is_synthetic": True, "duplicate_checked": True})["id"]
        today, soon = timezone.localdate(), timezone.localdate() + timedelta(days=90)
        consent = self.ask(
            f"patients/{patient}/consents/",
            {
                "purpose": "treatment",
                "recipient_country": "KG",
                "how": "written",
                "valid_from": today.isoformat(),
                "valid_to": soon.isoformat(),
            },
        )["id"]
        specialties = self.ask("specialties/", Accept_Language="en")["results"]
        filed = self.ask(
            "referrals/",
            {
                "submit": True,
                "patient": patient,
                "consent": consent,
                "priority": "urgent",
                "specialty": {
                    "code": next(one["code"] for one in specialties if one["display"] == "Urology")
                },
                "service": "Test",
                "care_mode": "inpatient",
                "diagnosis": {"code": "N20.0"},
                "clinical_reason": "Test.",
                "goal": "Test.",
                "needed_by": soon.isoformat(),
                "needed_by_reason": "Test.",
                "host_facility": host,
                "payer": "fund",
                "report": {"dated_on": today.isoformat(), "author": "Test", "text": "Test."},
            },
        )
        return self.until(filed["id"], "in_review")

    def until(self, referral: str, state: str) -> dict[str, Any]:
        """The referral, as soon as it has reached that state."""
        deadline = time.monotonic() + 30
        while (found := self.ask(f"referrals/{referral}/"))["state"] != state:
            assert time.monotonic() < deadline, f"still {found['state']}, not {state}"
            time.sleep(0.3)
        return found  # type: ignore[no-any-return]
