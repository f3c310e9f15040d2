"""The list of referrals: who files what for which host, how long ago, and what becomes of it.

`days` may be a fraction (0.02 is half an hour). `problem` gives a rule something to find:
old_report, stated (coverage not checked), uninsured, lapsed (coverage that ended), stateless, inland,
passport (no national number), state (the ministry pays, so that several bodies approve), short_consent, second (another
referral of the same patient is active).
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One referral. `clinician` and `host` are keys of `people.CLINICIANS` and codes of organisations."""

    clinician: str
    host: str
    case: str
    fate: str
    days: float
    priority: str = "routine"
    problem: str = ""


PLAN: tuple[Row, ...] = (
    # Kazakhstan → Kyrgyzstan
    Row("kz", "F0157", "mitral", "draft_patient", 2),
    Row("kz", "F0104", "coronary", "draft_care", 1),
    Row("kz", "F0100", "thyroid", "draft_where", 3),
    Row("kz", "F0100", "stone", "draft_ready", 1),
    Row("kz", "F0157", "mitral", "in_review", 1, "urgent"),
    Row("kz", "F0104", "coronary", "in_review", 25),
    Row("kz", "F0100", "meningioma", "info_requested", 4, "urgent"),
    Row("kz", "F0100", "disc", "answered", 8, "routine", "second"),
    Row("kz", "F0100", "hip", "refused", 6, "routine", "inland"),
    Row("kz", "F0100", "kidney", "appealed", 4, "urgent"),
    Row("kz", "F0100", "retina", "overturned", 14),
    Row("kz", "F0100", "neck", "sent", 1, "urgent"),
    Row("kz", "F0103", "lung", "partly_granted", 9),
    Row("kz", "F0100", "gall", "sent", 7),
    Row("kz", "F0100", "stone", "accepted", 10),
    Row("kz", "F0100", "thyroid", "scheduled", 15),
    Row("kz", "F0100", "meningioma", "in_care", 18),
    Row("kz", "F0157", "mitral", "discharged", 30),
    Row("kz", "F0100", "kidney", "discharged", 26),
    Row("kz", "F0104", "coronary", "closed", 50),
    Row("kz", "F0157", "septal", "declined", 11),
    Row("kz", "F0153", "disc", "re_routed", 13),
    Row("kz", "F0100", "coronary", "re_routed_heart", 12, "urgent"),
    Row("kz", "F0100", "neck", "opened", 3, "urgent"),
    Row("kz", "F0100", "retina", "opened_reviewed", 16, "urgent"),
    Row("kz", "F0100", "gall", "withdrawn", 22),
    Row("kz", "F0100", "infarction", "stat_sent", 0.014, "stat"),
    Row("kz", "F0100", "hematoma", "stat_unknown", 2, "stat"),
    Row("kz", "F0100", "eclampsia", "stat_closed", 35, "stat"),
    Row("kz", "F0100", "sepsis", "stat_deceased", 20, "stat"),
    Row("kz", "F0100", "hip", "extended", 40),
    Row("kz", "F0100", "stone", "approved_once", 3, "routine", "state"),
    Row("kz", "F0104", "coronary", "signed_once", 5, "urgent", "state"),
    Row("kz.kegen", "F0104", "block", "in_review", 0.5, "asap"),
    Row("kz.kegen", "F0100", "disc", "entered_in_error", 17),
    Row("kz.kegen", "F0100", "hip", "expired", 58),
    Row("kz.kegen", "F0157", "mitral", "left_unchecked", 0.012, "urgent"),
    # Kazakhstan → Uzbekistan
    Row("kz.saryagash", "F0093", "aneurysm", "draft_ready", 2),
    Row("kz.saryagash", "F0093", "aneurysm", "in_review", 3, "urgent"),
    Row("kz.saryagash", "F0074", "coronary", "in_review", 7, "routine", "old_report"),
    Row("kz.saryagash", "F0093", "septal", "in_review", 9, "routine", "inland"),
    Row("kz.saryagash", "F0061", "breast", "info_requested", 5),
    Row("kz.saryagash", "F0093", "aneurysm", "sent", 6),
    Row("kz.saryagash", "F0060", "cataract", "accepted", 12),
    Row("kz.saryagash", "F0074", "coronary", "revoked", 28),
    Row("kz.saryagash", "F0060", "infarction", "stat_accepted", 0.2, "stat"),
    # Kyrgyzstan → Kazakhstan
    Row("kg.karabalta", "F0010", "gall", "draft_care", 1),
    Row("kg.karabalta", "F0055", "stomach", "in_review", 2, "urgent"),
    Row("kg.karabalta", "F0058", "septal", "in_review", 10, "routine", "short_consent"),
    Row("kg.karabalta", "F0010", "hip", "in_review", 24, "routine", "old_report"),
    Row("kg.karabalta", "F0055", "lung", "info_requested", 6),
    Row("kg.karabalta", "F0010", "stone", "sent", 5),
    Row("kg.karabalta", "F0010", "hip", "accepted", 9),
    Row("kg.karabalta", "F0010", "gall", "opened", 4, "urgent"),
    Row("kg.karabalta", "F0010", "stone", "scheduled", 16),
    Row("kg.karabalta", "F0010", "gall", "in_care", 21),
    Row("kg.karabalta", "F0010", "neck", "discharged", 27, "urgent"),
    Row("kg.karabalta", "F0010", "epilepsy", "upheld", 45),
    Row("kg.karabalta", "F0055", "breast", "declined", 8, "urgent"),
    Row("kg.karabalta", "F0055", "stomach", "in_review", 3, "urgent", "state"),
    Row("kg.karabalta", "F0010", "infarction", "stat_no_consent", 0.04, "stat"),
    # Kyrgyzstan → Uzbekistan
    Row("kg", "F0060", "retina", "draft_where", 2),
    Row("kg", "F0060", "cataract", "in_review", 5, "routine", "uninsured"),
    Row("kg", "F0060", "kidney", "in_review", 0.8, "asap"),
    Row("kg.uzgen", "F0074", "coronary", "in_review", 4, "routine", "stateless"),
    Row("kg", "F0060", "thyroid", "sent", 3),
    Row("kg", "F0060", "retina", "scheduled", 8, "urgent"),
    Row("kg", "F0060", "kidney", "accepted", 7),
    Row("kg", "F0060", "uterus", "in_care", 14),
    Row("kg", "F0074", "coronary", "discharged", 33),
    Row("kg", "F0060", "thyroid", "closed", 47),
    Row("kg", "F0061", "lung", "cancelled", 19),
    Row("kg", "F0060", "epilepsy", "refused", 11),
    Row("kg.uzgen", "F0060", "eclampsia", "stat_closed", 29, "stat"),
    # Uzbekistan → Kyrgyzstan
    Row("uz", "F0153", "hip", "draft_care", 2),
    Row("uz", "F0100", "sclerosis", "draft_ready", 4),
    Row("uz", "F0157", "child_heart", "in_review", 2, "urgent"),
    Row("uz", "F0153", "hip", "in_review", 26),
    Row("uz", "F0100", "cataract", "in_review", 6, "routine", "stated"),
    Row("uz", "F0153", "stone", "answered", 9),
    Row("uz", "F0100", "sclerosis", "info_requested", 7),
    Row("uz", "F0153", "kidney", "sent", 4, "routine", "passport"),
    Row("uz", "F0153", "disc", "accepted", 8),
    Row("uz", "F0104", "block", "discharged", 24, "urgent"),
    Row("uz", "F0100", "stone", "opened", 3, "urgent"),
    Row("uz", "F0100", "meningioma", "closed", 51),
    Row("uz", "F0100", "thyroid", "appealed", 13),
    Row("uz", "F0157", "child_heart", "declined", 10),
    Row("uz", "F0100", "gall", "in_review", 0.7, "routine", "state"),
    Row("uz", "F0100", "stone", "approved_once", 1.5, "urgent", "state"),
    Row("uz", "F0100", "hip", "approved_twice", 2, "routine", "state"),
    Row("uz", "F0100", "thyroid", "approved_thrice", 3, "routine", "state"),
    Row("uz", "F0104", "coronary", "refused_third", 9, "routine", "state"),
    # Uzbekistan → Kazakhstan
    Row("uz.sirdaryo", "F0058", "septal", "in_review", 3),
    Row("uz.sirdaryo", "F0055", "stomach", "in_review", 11, "routine", "lapsed"),
    Row("uz.sirdaryo", "F0010", "stone", "sent", 5),
    Row("uz.sirdaryo", "F0010", "coronary", "scheduled", 17),
    Row("uz.sirdaryo", "F0010", "infarction", "stat_in_care", 1, "stat"),
    Row("uz.sirdaryo", "F0010", "gall", "closed", 49),
    Row("uz.sirdaryo", "F0055", "lung", "partly_granted", 14),
    Row("uz.sirdaryo", "F0010", "neck", "overturned_closed", 38, "urgent"),
    Row("uz.sirdaryo", "F0055", "breast", "deceased", 36),
    Row("uz.sirdaryo", "F0010", "epilepsy", "left_in_check", 0.013),
)
