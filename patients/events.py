"""What the patients' room lets the other rooms know, by the outbox."""

#: A patient was registered. For the feed alone.
REGISTERED = "patient.registered"
#: Something changed on which an eligibility check rests: who the patient is, their numbers, or who pays for them.
PATIENT_FACTS = "patient.facts"
#: The patient is known to have died.
DIED = "patient.died"
#: A facility was given access to a record that another one made. Its subject is the registration.
LINKED = "patient.linked_elsewhere"
#: The patient took back the consent by which a facility reads another one's record. Its subject is the registration.
LINK_ENDED = "patient.link_ended"
#: The patient stated at another facility what the record's own recorder has otherwise. Its subject is the patient.
STATED_ELSEWHERE = "patient.stated_elsewhere"
#: Too many look-ups across organisations found nobody. Its subject is the budget.
LOOKUPS_LOCKED = "patient.lookups_locked"
#: Another hospital recorded that the patient died; the facility in the payload has to confirm it.
DEATH_STATED = "patient.death_stated"
#: Two records of one person were merged, by `merge` of the payload; or that was undone. The subject is the record
#: that stays.
MERGED = "patient.merged"
MERGE_UNDONE = "patient.merge_undone"
#: The record was erased; so nothing of the patient is left. For the feed alone.
ERASED = "patient.erased"
