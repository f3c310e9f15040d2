"""Which referrals the database shows, as `referrals.access.visible_referrals` does, and what belongs to them."""

from core.permissions import Permission
from core.walls.declared import Question, Rows, Table, country, having, organisation, reaching, there_is, told

_FILES = organisation(Permission.FILE_REFERRALS)
_HOSTS = organisation(Permission.HOST)
_APPROVES = organisation(Permission.APPROVE)
_MINISTRY = country(Permission.DECIDE, Permission.COORDINATE)
_ANY_PARTY = f"""directing_facility_id = {_FILES}
OR (host_facility_id = {_HOSTS} AND sent_at IS NOT NULL)
OR (submitted_at IS NOT NULL AND (directing_country_id = {_MINISTRY} OR host_country_id = {_MINISTRY}))
OR {_APPROVES} = ANY(bodies)"""
_PARTY = f"(erased_at IS NULL AND ({_ANY_PARTY}))"

_MERGING = f"({reaching('merge')} AND {having([Permission.WRITE_PATIENTS], otherwise='false')})"

# Who checks a certificate holds its code, which nobody can guess: it leads to that paper, and to where it stands.
_HELD = f"({reaching('certificate')} AND code = ANY({told('of')}::text[]))"
_CHECKED = f"({reaching('standing')} AND id::text = ANY({told('of')}::text[]))"

#: The rows of a table whose referral somebody may see, by that table's own policy.
_SEEN = "referrals_shown({}.referral_id)"
FUNCTIONS = {
    "referrals_shown(which uuid)": Question(
        "SELECT EXISTS (SELECT 1 FROM referrals_referral WHERE id = which)"
    )
}

_KEPT_OF_HISTORY = f"""SELECT 1 FROM referrals_formerhost f
WHERE f.referral_id = referrals_statuschange.referral_id AND f.facility_id = {_HOSTS}
AND referrals_statuschange.at <= f.until"""


def _part(table: str, web: str, worker: str) -> Table:
    return Table(web=web, worker=worker, rows=Rows(read=_SEEN.format(table)))


TABLES = {
    "referrals_referral": Table(
        web="SIU",
        worker="SU",
        # Referrals go along with a record that is merged, whoever filed them.
        rows=Rows(
            read=f"{_PARTY} OR {reaching('identity')} OR {_MERGING} OR {_CHECKED}",
            add=_PARTY,
            change=f"{_PARTY} OR {_MERGING}",
        ),
    ),
    "referrals_authorisation": _part("referrals_authorisation", web="SIU", worker="SIU"),
    "referrals_authorisationstage": _part("referrals_authorisationstage", web="SIU", worker="SIU"),
    # A hospital that had the referral keeps its history up to then, and nothing else of it.
    "referrals_statuschange": Table(
        web="SI",
        worker="SI",
        rows=Rows(
            read=f"{_SEEN.format('referrals_statuschange')} OR {there_is(_KEPT_OF_HISTORY)}",
            add=_SEEN.format("referrals_statuschange"),
        ),
    ),
    "referrals_formerhost": Table(
        web="SI",
        worker="SI",
        rows=Rows(
            read=f"facility_id = {_HOSTS} OR {_SEEN.format('referrals_formerhost')}",
            add=_SEEN.format("referrals_formerhost"),
        ),
    ),
    "referrals_emergencyaccess": _part("referrals_emergencyaccess", web="SIU", worker="SU"),
    # Nobody reads another facility's own number of a referral.
    "referrals_recordnumber": Table(
        web="SIUD", worker="S", rows=Rows(read=f"facility_id = {_FILES} OR facility_id = {_HOSTS}")
    ),
    "referrals_evidenceitem": _part("referrals_evidenceitem", web="SIUD", worker="S"),
    "referrals_consilium": _part("referrals_consilium", web="SI", worker="S"),
    "referrals_appointment": _part("referrals_appointment", web="SIU", worker="SU"),
    "referrals_dischargesummary": _part("referrals_dischargesummary", web="SI", worker="S"),
    # Signed when it is first printed.
    "referrals_paper": Table(
        web="SIU",
        worker="SI",
        rows=Rows(
            read=f"{_SEEN.format('referrals_paper')} OR {_HELD}",
            add=_SEEN.format("referrals_paper"),
            change=_SEEN.format("referrals_paper"),
        ),
    ),
    "referrals_papercheck": Table(
        web="SI",
        worker="S",
        rows=Rows(
            read=there_is("SELECT 1 FROM referrals_paper p WHERE p.id = referrals_papercheck.paper_id"),
            add=reaching("standing"),
        ),
    ),
    "referrals_eligibilitycheck": _part("referrals_eligibilitycheck", web="SI", worker="SI"),
    "referrals_informationrequest": _part("referrals_informationrequest", web="SIU", worker="S"),
    "referrals_question": Table(
        web="SIU",
        worker="S",
        rows=Rows(
            read=there_is(
                "SELECT 1 FROM referrals_informationrequest q WHERE q.id = referrals_question.request_id"
            )
        ),
    ),
    "referrals_ruleresult": Table(
        web="SI",
        worker="SI",
        rows=Rows(
            read=there_is(
                "SELECT 1 FROM referrals_eligibilitycheck c WHERE c.id = referrals_ruleresult.check_run_id"
            )
        ),
    ),
    "referrals_telephoneanswer": Table(
        web="SI",
        worker="S",
        rows=Rows(
            read=there_is(
                "SELECT 1 FROM referrals_statuschange s WHERE s.id = referrals_telephoneanswer.change_id"
            )
        ),
    ),
    "referrals_referralnumber": Table(web="SIU"),
    # To add one is to erase, which the worker alone does; who had the case is told that it is gone.
    "referrals_erasedreferral": Table(
        web="S",
        worker="SI",
        rows=Rows(
            read=f"facilities @> ARRAY[{_FILES}] OR facilities @> ARRAY[{_HOSTS}] "
            f"OR countries @> ARRAY[{_MINISTRY}]::varchar[]"
        ),
    ),
}
