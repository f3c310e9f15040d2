"""Forms as GOV.UK components: the form and each field group by our templates, bare widgets by Django's.

A field's group is `templates/components/forms/field.html`; it draws the control with
`{% portal_control field %}`, which picks the component for the widget. The admin draws its widgets itself and
stays as Django made it.
"""

from django.forms.renderers import TemplatesSetting


class PortalFormRenderer(TemplatesSetting):
    """For `settings.FORM_RENDERER`."""

    form_template_name = "components/forms/form.html"
    formset_template_name = "components/forms/formset.html"
    field_template_name = "components/forms/field.html"
