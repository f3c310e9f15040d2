"""What hangs on a patient hangs on a record that stands: the database holds it, whoever writes and whenever."""

import pgtrigger

#: The name under which the database refuses a row for a record that was merged into another one.
STANDS = "patient_record_stands"

# The record is read with the lock that a foreign key takes: so it waits for a merge that is under way, and sees it.
_STANDS = """
IF TG_OP = 'UPDATE' THEN
    IF NEW.patient_id = OLD.patient_id THEN
        RETURN NEW;
    END IF;
END IF;
SELECT merged_into_id INTO merged FROM patients_patient WHERE id = NEW.patient_id FOR KEY SHARE;
IF merged IS NOT NULL THEN
    RAISE EXCEPTION 'the record of the patient was merged into another one'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'patient_record_stands';
END IF;
RETURN NEW;
"""


def of_a_standing_record() -> pgtrigger.Trigger:
    """For every table with a column `patient`: no row comes to a record that was merged."""
    return pgtrigger.Trigger(
        name=STANDS,
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("patient_id"),
        declare=[("merged", "UUID")],
        func=_STANDS,
    )
