### Words of the diary.

# $purpose $who
feed-with = { $purpose }, { $who }
feed-head = Your appointments in a calendar program
feed-lead = Subscribe to this address. It holds times, tables and links, and nobody's name; a new password ends it.
feed-address = Address
nav-diary = Diary
# $day $count
diary-head = { $count ->
    [0] { $day }: nobody is booked.
    [one] { $day }: one appointment.
   *[other] { $day }: { $count } appointments.
}
diary-empty = Nothing stands here yet. Find a patient to book the first appointment.
diary-days = Days
diary-before = Day before
diary-after = Next day
diary-time = Time
diary-day = Day
diary-minutes = Minutes
diary-with = With
diary-table = Table
diary-stands = State
diary-purpose = For
diary-more = Missed, called off, another time
diary-move = Move
today-everybody = Everybody
today-found = Found for “{ $words }”
diary-book = Book
diary-other = somebody else
diary-nobody = Nobody is called so. Register them first.
contact-title = Contact
contact-lead = Who this is and how to reach them. What was there before stays in the record.
contact-email = Mail
contact-phone-lead = Without a telephone number nobody can call for a check-in or after an alarm; without a mail address no link is sent.
contact-save = Save
contact-none = No telephone number: enter one
register-title = Register somebody
register-lead = A name is enough to book. What is asked for care comes at the first visit.
diary-find-first = Find the patient, then choose a time.
diary-refused = Not booked: { $problem }.
today-calls = To call for their check-in
today-calls-lead = They hold no link of their own.
today-call-until = before { $when }
today-booked = Who comes today
today-more = There are others: search for a name or a date of birth.
today-nobody = Nobody is called “{ $words }”. The beginning of each word is enough.
diary-missed-twice = missed twice: review
today-gap = no session since { $day }: review
mark-arrived = Is here
mark-no-show = Did not come
mark-cancelled = Call off
mark-done = Done
purpose-first = First visit
purpose-session = Session
purpose-again = Re-evaluation
standing-booked = Booked
standing-arrived = Is here
standing-in-session = In session
standing-done = Done
standing-no-show = Did not come
standing-cancelled = Called off
