### Words of what is kept of a patient: a copy, a hold, erasure.

keeping-title = What is kept
keeping-head = What is kept of this patient.
keeping-nameless = The record was erased.
keeping-file = A copy of every entry
keeping-fhir = A copy as FHIR R4
keeping-events = Entries
keeping-last = The last one
keeping-until = Kept by law until
keeping-no-period = no period is set
keeping-held = Held
keeping-erased = Erased
keeping-reason = Why; name nobody, it is kept for ever
keeping-hold-head = Hold it
keeping-hold-lead = Nobody can erase a record that is held: a court, an insurer or an authority asked for it.
keeping-hold = Hold the record
keeping-lift-head = End the hold
keeping-lift = Lift the hold
keeping-erase-head = Erase it
keeping-erase-lead = Everything that it says goes for good, with the patient's own account and recordings of sessions. That there was a record stays, and the chain still verifies. Backups and copies are erased by whoever keeps them.
keeping-refused-held = It is held: lift the hold first.
keeping-refused-period = The period for which records are kept has not ended.
keeping-name = The patient's name, as it is written above
keeping-erase = Erase this record for good
keeping-not-the-name = is not the name of this patient
keeping-name-remedy = go back, see whose record this is, and type that name
