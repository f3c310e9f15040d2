"""Lists in a request's content."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.exceptions import ValidationError


class Items(serializers.ListField):
    """A list of at most `max_length` items, which is looked at before the items are."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, list) and self.max_length is not None and len(data) > self.max_length:
            text = _("A list may have %(limit)s items at most.") % {"limit": self.max_length}
            raise ValidationError(text, code="max_length")
        return super().to_internal_value(data)
