### Words of letters and of their log.

mail-alarm-subject = Annulus: { $urgency }
# $urgency $when $address
mail-alarm =
    An alarm waits for somebody: { $urgency }. It was raised on { $when }.

    Open { $address } and take it. If nobody does, the next person on the list is told after 15 minutes.

    This letter names nobody: mail is read by others.
mail-reminder-subject = { $clinic }: how are you after your session?
# $before $link $number $phone
mail-reminder =
    Please tell us how you are before { $before }. It takes a minute:

    { $link }

    Do not wait for this form if you have new weakness or numbness, numbness between the legs, or trouble with bladder or bowel: call { $number } now. Anything else: call us on { $phone }.

    The link is yours alone. Please do not answer this letter, nobody reads what comes back.
mail-title = Mail
mail-open = Letters that were sent
mail-head-none = No letter was sent yet.
mail-head-ok = Letters are taken.
mail-head-failing = The last letter was not taken: { $when }
mail-lead = The last hundred tries. Taken by the mail server is not read by a person: an alarm ends only when somebody takes it here.
mail-off = This clinic sends no mail: an alarm is seen here and nowhere else. The administrator adds a section for mail to annulus.toml.
mail-when = When
mail-about = About
mail-to = To
mail-said = Result
mail-taken = taken
# $number $attempt
mail-about-alarm = Alarm { $number }, telling { $attempt }
mail-about-reminder = Reminder of check-in { $number }
mail-to-patient = the patient's address
mail-today-nobody = Nobody of them has an address: no mail tells them.
mail-today-on = By mail too, as far as they have an address.
mail-today-failing = Mail does not arrive since { $when }: telephone.
