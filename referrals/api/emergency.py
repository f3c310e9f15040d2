"""Emergency accesses, and what a former host keeps: by a person's session, as on the pages."""

from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from core.api import cursors
from core.api.idempotency import once
from core.api.jsonio import answer
from core.api.schema import page_of
from referrals import actions
from referrals.api.common import ReferralView
from referrals.reading import former_rows
from referrals.serializers.answers import FormerRow
from referrals.serializers.case import ReferralCase
from referrals.serializers.inputs import EmergencyInput, EmergencyReviewInput, FormerQuery

_LATEST = cursors.newest_first("until")


class EmergencyAccesses(ReferralView):
    """A case that is opened although no consent lets its reader."""

    @extend_schema(
        operation_id="openReferralInEmergency",
        summary="Open a referral in an emergency without consent",
        request=EmergencyInput,
        responses={201: ReferralCase},
    )
    @once
    def post(self, request: Request, pk: UUID) -> HttpResponse:
        """For a person of the hospital that has the referral, not for its system. The ministries and the patient are
        told, and it is reviewed within 24 hours."""
        given = self.content(EmergencyInput)
        actions.open_in_emergency(pk, by=self.actor, **given)
        response = self.case(pk)
        response.status_code = 201
        return response


class ReviewEmergencyAccess(ReferralView):
    """What the ministry found."""

    @extend_schema(
        operation_id="reviewEmergencyAccess",
        summary="Review an emergency access",
        request=EmergencyReviewInput,
        responses=ReferralCase,
    )
    @once
    def post(self, request: Request, pk: UUID, number: int) -> HttpResponse:
        """For an officer or a coordinator of the directing ministry, once."""
        given = self.content(EmergencyReviewInput)
        actions.review_emergency_access(pk, by=self.actor, access_id=number, **given)
        return self.case(pk)


class FormerReferrals(ReferralView):
    """The referrals that were with the actor's hospital and went elsewhere."""

    @extend_schema(
        operation_id="listFormerReferrals",
        summary="List the referrals that went to another hospital",
        parameters=[FormerQuery],
        responses=page_of("FormerReferralPage", FormerRow),
    )
    def get(self, request: Request) -> HttpResponse:
        """That they were here, from when until when, the latest first: nothing of the patient, nor of what came."""
        wanted = self.parameters(FormerQuery)
        rows, cursor = cursors.one_page(request, former_rows(self.actor), _LATEST, wanted)
        return answer(cursors.page(request, [FormerRow.of(row) for row in rows], cursor))
