"""The page on which a facility's data are confirmed, and where everybody reads who confirmed what and when."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from core.actors import Actor
from core.errors import Denied, Invalid, NotKnown, Stale, Text
from core.forms import CleanCharField, PortalForm, SplitDateField
from core.kept.desk import fill, keeps_text
from core.permissions import Permission
from facilities import access, actions, asking, confirming
from facilities.asking_form import AskForm, asked_context, nobody_words
from facilities.models import EquipmentKind, Facility, FacilityRole, FacilityService

LABELS = {
    "name": gettext_lazy("Registered name"),
    "short_name": gettext_lazy("Short name"),
    "settlement": gettext_lazy("Town or village"),
    "address": gettext_lazy("Address"),
    "phone": gettext_lazy("Telephone"),
    "email": gettext_lazy("E-mail"),
    "role": gettext_lazy("Part in referrals"),
    "accepts_referrals": gettext_lazy("Accepts referrals"),
    "licence_number": gettext_lazy("Number of the licence"),
    "licence_valid_from": gettext_lazy("Licence valid from"),
    "licence_valid_until": gettext_lazy("Licence valid until"),
}


class ConfirmFacilityForm(PortalForm):
    """Each of a facility's data to correct, and ticks for those that are confirmed."""

    name = CleanCharField(label=LABELS["name"], max_length=250)
    short_name = CleanCharField(label=LABELS["short_name"], max_length=100, required=False)
    settlement = CleanCharField(label=LABELS["settlement"], max_length=100, required=False)
    address = CleanCharField(label=LABELS["address"], max_length=250, required=False)
    phone = CleanCharField(label=LABELS["phone"], max_length=60, required=False)
    email = forms.EmailField(label=LABELS["email"], required=False)
    role = forms.ChoiceField(label=LABELS["role"], choices=FacilityRole.choices, widget=forms.RadioSelect)
    accepts_referrals = forms.BooleanField(
        label=gettext_lazy("The facility accepts referrals now"), required=False
    )
    licence_number = CleanCharField(label=LABELS["licence_number"], max_length=60, required=False)
    licence_valid_from = SplitDateField(label=LABELS["licence_valid_from"], required=False)
    licence_valid_until = SplitDateField(label=LABELS["licence_valid_until"], required=False)
    whole = forms.BooleanField(
        label=gettext_lazy("I confirm all of these data and the services ticked below"), required=False
    )
    fields_confirmed = forms.MultipleChoiceField(
        label=gettext_lazy("Or confirm only these data"),
        choices=list(LABELS.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    services = forms.MultipleChoiceField(
        label=gettext_lazy("Services that the facility offers for certain"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    equipment = forms.MultipleChoiceField(
        label=gettext_lazy("Equipment that the facility has now"),
        help_text=gettext_lazy("What is no longer ticked counts as lost from today."),
        choices=EquipmentKind.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    source = CleanCharField(
        label=gettext_lazy("On what ground do you confirm this?"),
        noun=gettext_lazy("Ground"),
        help_text=gettext_lazy("For example, the licence with its number, or a call with the head doctor."),
        max_length=300,
    )
    version = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, facility: Facility, services: list[FacilityService], **kwargs: Any
    ) -> None:
        now = {name: _present(facility, name) for name in confirming.FIELDS}
        checked = [str(row.pk) for row in services if row.verified]
        now |= {"equipment": sorted(confirming.equipment_of(facility))}
        now |= {"services": checked, "version": confirming.version_of(facility)}
        super().__init__(*args, initial=now, **kwargs)
        field = self.fields["services"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(str(row.pk), row.specialty.name) for row in services]
        if not services:
            del self.fields["services"]

    def arguments(self) -> dict[str, Any]:
        """The action's arguments besides the facility and the actor."""
        data = self.cleaned_data
        whole = data["whole"]
        return {
            "values": {name: data[name] for name in confirming.FIELDS},
            "fields": confirming.FIELDS if whole else data["fields_confirmed"],
            "services": [int(pk) for pk in data["services"]] if "services" in data else None,
            "equipment": data["equipment"],
            "source": data["source"],
            "version": data["version"],
        }


def _present(facility: Facility, name: str) -> Any:
    return getattr(facility.organisation if name in confirming.OF_ORGANISATION else facility, name)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@keeps_text
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Everybody who reads the directory sees what is confirmed and whom to ask; who may confirm gets the form."""
    actor: Actor | None = request.actor  # type: ignore[attr-defined]
    if actor is None or not actor.has(Permission.SEE_DIRECTORY):
        raise Denied()
    facility = access.visible_facilities(actor).filter(pk=pk).first()
    if facility is None:
        raise NotKnown()
    allowed = confirming.may_confirm(actor, facility)
    if request.method == "POST" and not allowed:
        raise Denied()
    form, stale = None, None
    if allowed:
        services = list(access.services_of(facility))
        form = ConfirmFacilityForm(request.POST or None, facility=facility, services=services)
        fill(request, form)
        if form.is_bound and form.is_valid():
            try:
                actions.confirm_facility(facility_id=pk, by=actor, **form.arguments())
            except Invalid as error:
                _show(form, error)
            except Stale as error:
                stale, form = error.message, _fresh(request, pk)
            else:
                messages.success(request, _("The data are confirmed, with your name and today’s date."))
                return redirect("facilities:detail", pk=pk)
    return confirm_page(request, actor, facility, form=form, stale=stale)


def _fresh(request: HttpRequest, pk: int) -> ConfirmFacilityForm:
    """The form anew, with what was typed in it and what stands now beside it; a second sending decides."""
    facility = Facility.objects.select_related("organisation").get(pk=pk)
    form = ConfirmFacilityForm(facility=facility, services=list(access.services_of(facility)))
    fill(request, form, text=request.POST)
    return form


@require_POST
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, and come back to the page; without a tick the page says what is missing."""
    actor: Actor | None = request.actor  # type: ignore[attr-defined]
    if actor is None or not actor.has(Permission.SEE_DIRECTORY) or not asking.may_ask(actor):
        raise Denied()
    facility = access.visible_facilities(actor).filter(pk=pk).first()
    if facility is None:
        raise NotKnown()
    form = AskForm(request.POST)
    if not form.is_valid():
        return confirm_page(request, actor, facility, ask_form=form)
    asked = actions.ask_to_confirm(facility_id=pk, about=form.cleaned_data["about"], by=actor)
    if not asked.is_new:
        messages.info(request, _("The facility was asked already. See below who asked, and when."))
    elif asking.who_can_confirm(facility):
        messages.success(request, _("Those who can confirm the data are asked, with a link to this page."))
    else:
        messages.warning(request, nobody_words(facility))
    return redirect("facilities:confirm", pk=pk)


def confirm_page(
    request: HttpRequest,
    actor: Actor,
    facility: Facility,
    *,
    form: ConfirmFacilityForm | None = None,
    ask_form: AskForm | None = None,
    stale: Text | None = None,
) -> HttpResponse:
    """The page; 422 with a form that was sent and is wrong, 412 where the data changed meanwhile."""
    if form is None and confirming.may_confirm(actor, facility):
        form = ConfirmFacilityForm(facility=facility, services=list(access.services_of(facility)))
    context = {
        "facility": facility,
        "form": form,
        "stale": stale,
        "standing": confirming.confirmed(facility),
        "rows": _history(facility),
        "rows_now": _rows(facility),
        **asked_context(actor, facility, ask_form),
    }
    wrong = any(one is not None and one.is_bound for one in (form, ask_form))
    status = 412 if stale else 422 if wrong else 200
    return render(request, "facilities/confirm.html", context, status=status)


def _show(form: ConfirmFacilityForm, error: Invalid) -> None:
    for name, texts in error.fields.items():
        field = "fields_confirmed" if name == "fields" else name
        for text in texts:
            form.add_error(field if field in form.fields else None, str(text))


def _rows(facility: Facility) -> list[dict[str, Any]]:
    """Each of the data with its value, and whether it is confirmed now."""
    found = confirming.confirmed(facility)
    return [
        {
            "label": LABELS[name],
            "value": _words(facility, name),
            "confirmed": name in found.fields,
        }
        for name in confirming.FIELDS
    ]


def _words(facility: Facility, name: str) -> Any:
    value = _present(facility, name)
    if name == "role":
        return facility.get_role_display()
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    return value


def _history(facility: Facility) -> list[dict[str, Any]]:
    return [
        {
            "row": row,
            "confirmed": [LABELS[name] for name in confirming.FIELDS if name in row.values],
            "corrected": [
                {"label": LABELS[name], "before": row.before[name]}
                for name in confirming.FIELDS
                if name in row.before
            ],
        }
        for row in facility.confirmations.all()[:50]
    ]
