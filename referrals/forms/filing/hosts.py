"""Where: hospitals across the border that offer the specialty, the nearest first."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import CleanCharField, HintedRadioSelect, PortalForm
from core.pages import Page, paginate
from facilities.access import Host, hosts_for, visible_countries
from facilities.lookups.directory import words_of
from facilities.textsearch import beginnings, reading_key
from referrals.forms.filing.base import OneOf, PageForm
from referrals.presentation.hosts import host_hint, host_label, journey_day

PER_PAGE = 12


class HostFilterForm(PortalForm):
    """What the list of hospitals is narrowed to. A filter that isn't valid narrows nothing."""

    country = forms.ChoiceField(label=_("Country"), required=False)
    q = CleanCharField(label=_("Name or town"), required=False, max_length=100)

    def __init__(self, data: Any, *, countries: list[tuple[str, str]]) -> None:
        super().__init__(data)
        field = self.fields["country"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("Both countries")), *countries]

    def narrowed(self, hosts: list[Host]) -> list[Host]:
        """The hosts that fit the filter."""
        self.is_valid()
        data = getattr(self, "cleaned_data", {})
        country, words = data.get("country") or "", words_of(data.get("q") or "")
        return [
            host
            for host in hosts
            if (not country or host.facility.country_code == country) and _fits(words, host)
        ]


def _fits(words: list[str], host: Host) -> bool:
    """Whether each word begins one of the host's names or places, in any language and script."""
    if not words:
        return True
    facility = host.facility
    organisation, unit = facility.organisation, facility.admin_unit
    names = [organisation.name, *organisation.names.values(), organisation.code]
    names += [facility.short_name, facility.settlement, facility.address]
    for place in (unit, unit.parent if unit else None):
        names += place.every_name if place else []
    keys = {key for name in names if name for key in reading_key(name).split()}
    return all(any(key.startswith(tuple(beginnings(word))) for key in keys) for word in words)


class WhereForm(PageForm):
    """One of the hosts. Any host that offers the specialty may be posted; a page of them is shown."""

    slug: ClassVar[str] = "where"
    host_facility = OneOf(label=_("Hospital"), choices=[], widget=HintedRadioSelect, noun=_("Hospital"))

    def __init__(self, *args: Any, query: Any, **kwargs: Any) -> None:
        self.query = query
        super().__init__(*args, **kwargs)

    def prepare(self) -> None:
        referral = self.referral
        countries = [
            (row.code, row.name)
            for row in visible_countries(self.actor)
            if row.code != referral.directing_country_id
        ]
        self.filter = HostFilterForm(self.query, countries=countries)
        self.hosts: list[Host] = []
        if referral.specialty is not None:
            self.hosts = hosts_for(
                home=referral.directing_country_id,
                specialty=referral.specialty,
                district=referral.residence_district,
                emergency=referral.is_emergency,
                hours=True,
            )
        self.found = self.filter.narrowed(self.hosts)
        self.page: Page[Host] = paginate(self.found, self.query.get("page"), size=PER_PAGE)
        self._offer(self.hosts if self.is_bound else self.shown())

    def _offer(self, hosts: list[Host]) -> None:
        field = self.fields["host_facility"]
        assert isinstance(field, forms.ChoiceField)
        assert isinstance(field.widget, HintedRadioSelect)
        field.choices = [(str(host.facility.pk), host_label(host)) for host in hosts]
        day = journey_day(self.referral)
        field.widget.choices_hints = {str(host.facility.pk): host_hint(host, day=day) for host in hosts}

    def shown(self) -> list[Host]:
        """The page's hosts; the one chosen before stands first, wherever the filter left it."""
        chosen = [host for host in self.hosts if host.facility.pk == self.referral.host_facility_id]
        return chosen + [host for host in self.page.items if host not in chosen]

    def show_only_page(self) -> None:
        """After validation against all hosts, draw the page again with its own ones only."""
        self._offer(self.shown())

    def saved(self) -> dict[str, Any]:
        return {"host_facility": self.referral.host_facility_id}

    def content(self) -> dict[str, Any]:
        wanted = self.cleaned_data["host_facility"]
        host = next(row for row in self.hosts if str(row.facility.pk) == wanted)
        return {
            "host_facility": host.facility,
        }
