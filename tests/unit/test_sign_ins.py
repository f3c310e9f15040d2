"""The table that `./dev demo` prints when the portal answers."""

import json

from demo.sign_ins import rows, table


def person(role: str, country: str, username: str, organisation: str = "Hospital A") -> dict[str, str]:
    return {
        "role": role, "country": country, "organisation": organisation, "username": username, "password": "secret",
        "code": "135790" if role == "officer" else "",
    }  # fmt: skip


def test_one_row_for_each_role_and_country(tmp_path):
    people = [
        person("clinician", "KZ", "clinician-kz"),
        person("clinician", "KZ", "second-clinician-kz"),
        person("clinician", "KG", "clinician-kg"),
        person("officer", "KZ", "officer-kz"),
        person("officer", "KZ", "officer2-kz"),
        person("officer", "KZ", "officer3-kz"),
    ]
    file = tmp_path / "credentials.json"
    file.write_text(json.dumps({"people": people, "clients": []}))
    assert [row["username"] for row in rows(file)] == [
        "clinician-kz",
        "clinician-kg",
        "officer-kz",
        "officer2-kz",
    ]


def test_columns_line_up_and_long_names_are_cut():
    lines = table([person("officer", "UZ", "officer-uz", "М" * 80)]).splitlines()
    assert lines[0].split() == ["Role", "Country", "Organisation", "Username", "Password", "Code"]
    assert lines[2].split()[-2:] == ["secret", "135790"]
    assert "М" * 43 + "…" in lines[2]
    assert lines[0].index("Username") == lines[2].index("officer-uz")
