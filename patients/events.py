"""What the patients' room lets the other rooms know, by the outbox."""

#: Something changed on which an eligibility check rests: who the patient is, their numbers, or who pays for them.
PATIENT_FACTS = "patient.facts"
#: The patient is known to have died.
DIED = "patient.died"
#: Two records of one person were merged, by `merge` of the payload; or that was undone. The subject is the record
#: that stays.
MERGED = "patient.merged"
MERGE_UNDONE = "patient.merge_undone"
