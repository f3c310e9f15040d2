"""The frame, the error pages and the form groups, as HTML."""

import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from django import forms
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from core.errors import Invalid
from core.forms import (
    CleanCharField,
    CleanTextField,
    HintedRadioSelect,
    PortalForm,
    SplitDateField,
)

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "templates"
ERRORS = sorted(path.stem for path in (TEMPLATES / "errors").glob("*.html") if path.stem != "base")


class Form(PortalForm):
    decision = forms.ChoiceField(
        choices=[("grant", "Grant"), ("refuse", "Refuse")],
        widget=HintedRadioSelect(choices_hints={"grant": "The rules recommend it."}, inline=True),
    )
    born = SplitDateField(label="Date of birth", help_text="For example 27 3 1984")
    name = CleanCharField(label="Family <name>", help_text="As in the document")
    reason = CleanTextField(label="Reason", max_length=500, required=False)
    languages = forms.MultipleChoiceField(
        choices=[("ru", "Русский")], widget=forms.CheckboxSelectMultiple, required=False
    )
    told = forms.BooleanField(label="The patient was told")
    payer = forms.ChoiceField(choices=[("f", "Fund")])
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


def bad_form() -> Form:
    with translation.override("en"):
        form = Form(
            {"born_day": "31", "born_month": "2", "born_year": "2024", "name": "<script>", "reason": "\u200b"}
        )
        form.full_clean()
    return form


def test_every_label_points_at_a_control_and_every_description_exists() -> None:
    for form in (Form(), bad_form()):
        html = str(form)
        ids = set(re.findall(r'\bid="([^"]+)"', html))
        assert len(ids) == len(re.findall(r'\bid="', html))
        assert set(re.findall(r'\bfor="([^"]+)"', html)) <= ids
        for described in re.findall(r'aria-describedby="([^"]+)"', html):
            assert set(described.split()) <= ids
        assert "style=" not in html
        assert 'name="version"' in html


def test_what_was_typed_comes_back_escaped() -> None:
    html = str(bad_form())
    assert "&lt;script&gt;" in html
    assert "<script>" not in html
    assert "Family &lt;name&gt;" in html


def test_hints_options_and_limits_are_drawn() -> None:
    html = str(Form())
    assert "The rules recommend it." in html
    assert "govuk-radios--inline" in html
    assert 'data-maxlength="500"' in html
    assert "maxlength=" not in html.replace("data-maxlength", "")
    assert html.count("(optional)") == 2


def test_only_the_box_at_fault_is_marked() -> None:
    html = str(bad_form()["born"].as_field_group())
    assert html.count("govuk-input--error") == 1
    assert re.search(r'govuk-input--error" id="id_born_day"', html)


def test_the_summary_leads_to_the_first_control_at_fault() -> None:
    html = render_to_string("components/error_summary.html", {"form": bad_form()})
    targets = re.findall(r'href="#([^"]+)"', html)
    assert targets == ["id_decision_0", "id_born_day", "id_reason", "id_told", "id_payer"]
    assert set(targets) <= set(re.findall(r'\bid="([^"]+)"', str(bad_form())))


def test_no_summary_without_errors() -> None:
    assert render_to_string("components/error_summary.html", {"form": Form()}).strip() == ""
    errors = [{"href": "", "text": "The line is down."}]
    assert "The line is down." in render_to_string("components/error_summary.html", {"errors": errors})


def frame(template: str, **context: object) -> str:
    request = RequestFactory().get("/somewhere/?a=1")
    with translation.override("en"):
        return render_to_string(template, context, request=request)


@pytest.mark.parametrize("name", ERRORS)
def test_error_pages_stand_alone(name: str) -> None:
    """With a request and an error, and with nothing at all, as after a failure of everything else."""
    error = Invalid({"name": ["Say who it is."], "": ["Choose a host."]})
    for html in (frame(f"errors/{name}.html", error=error), render_to_string(f"errors/{name}.html")):
        assert html.count("<h1>") == 1
        title = re.search(r"<title>(.+?)</title>", html)
        assert title
        assert re.search(r"<h1>(.+?)</h1>", html).group(1) in title.group(1)  # type: ignore[union-attr]


def test_the_errors_that_the_portal_raises_have_pages() -> None:
    assert {"400", "403", "404", "409", "412", "422", "429", "500", "503", "csrf"} <= set(ERRORS)


def test_title_says_error_first() -> None:
    assert "<title>Error: " in frame("base.html", form=bad_form())
    assert "<title>Error: " in frame("base.html", has_errors=True)
    assert "<title>Error: " not in frame("base.html", form=Form())


def test_frame_has_language_landmarks_and_posts() -> None:
    user = SimpleNamespace(is_authenticated=True)
    html = frame("base.html", user=user, actor=SimpleNamespace(organisation_name="Korday <hospital>"))
    assert '<html lang="en"' in html
    assert 'href="#main"' in html
    assert "Korday &lt;hospital&gt;" in html
    assert html.count('method="post"') == 2
    assert html.count("csrfmiddlewaretoken") == 2
    assert 'value="/somewhere/?a=1"' in html
    assert re.search(r'lang="en" aria-current="true"', html)


def test_templates_carry_no_inline_style_or_script() -> None:
    for path in TEMPLATES.rglob("*.html"):
        text = path.read_text()
        assert not re.search(r"\sstyle=|<style|\son[a-z]+=", text), path
        assert not re.search(r"<script(?![^>]*\ssrc=)", text), path
