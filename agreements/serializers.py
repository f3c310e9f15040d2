"""Descriptions of what is answered about agreements, for the schema; the answers are held against them by tests."""

from rest_framework import serializers


class AgreementRef(serializers.Serializer):
    """The legal basis."""

    code = serializers.CharField()
    name = serializers.CharField()
    verified = serializers.BooleanField()


class AgreementRow(AgreementRef):
    """An agreement, what it says, and where that was read."""

    says = serializers.CharField()
    parties = serializers.ListField(child=serializers.CharField())
    signed_on = serializers.DateField(allow_null=True)
    in_force_from = serializers.DateField(allow_null=True)
    in_force_until = serializers.DateField(allow_null=True)
    covers_emergency = serializers.BooleanField()
    covers_planned = serializers.BooleanField()
    source = serializers.CharField()  # type: ignore[assignment]
    note = serializers.CharField()
