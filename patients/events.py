"""What the patients' room lets the other rooms know, by the outbox."""

#: Something changed on which an eligibility check rests: who the patient is, their numbers, or who pays for them.
PATIENT_FACTS = "patient.facts"
#: The patient is known to have died.
DIED = "patient.died"
