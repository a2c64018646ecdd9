### Words of records that only some of the staff open, and of opening one in an emergency.

breakglass-title = Restricted record
breakglass-head = This record is open to its team alone.
# $when
breakglass-since = Restricted since { $when }.
breakglass-team = Its team:
breakglass-lead = If care cannot wait for one of them, say why. The record is then open to you for four hours. What you do is on record, and somebody reviews it within a day. Name nobody: the words are kept when the record is erased.
breakglass-reason = Why you need it now
breakglass-go = Open the record
# $until
breakglass-open = You opened it in an emergency. It is open to you until { $until }.
breakglass-on = Go on to the record
breakglass-free = This record is not restricted.
restriction-title = Who opens this record
restriction-head = Who opens this record.
restriction-none = Everybody who works at the table opens it.
# $when $who
restriction-since = Restricted since { $when } by { $who }:
restriction-make-head = Restrict it
restriction-change-head = Choose another team
restriction-lead = For a colleague who is treated here, or somebody whom others look for. The name stays on lists, and so does whatever is urgent. Pause, lower and STOP stay open to everybody. All others at the table open it only in an emergency, and say why. The reasons are kept when the record is erased: name nobody in them.
restriction-team = The team
restriction-reason = Why
restricted-line = Restricted: its team knows more
restriction-go = Restrict the record
restriction-lift-head = End the restriction
restriction-lift-lead = Everybody who works at the table opens it again.
restriction-lift = Open it to all
# $count
restriction-shown = { $count ->
    [one] Only one person opens this record.
   *[other] Only { $count } people open this record.
}
openings-title = Opened in an emergency
# $count
openings-head = { $count ->
    [0] No opening of a restricted record waits for a review.
    [one] One opening of a restricted record waits for a review.
   *[other] { $count } openings of restricted records wait for a review.
}
openings-lead = Somebody who is not on the team opened the record and said why. Review it within a day: was it for care?
# $read $wrote
openings-did = In these four hours: pages looked at, { $read }; times written, { $wrote }.
# $when
openings-due = To be reviewed by { $when }.
openings-own = You opened it yourself: somebody else reviews it.
openings-note = What you found
openings-justified = It was for care
openings-unjustified = It was not for care
# $who $when $note
openings-reviewed = { $who }, { $when }: { $note }
# $count $when
openings-wait = { $count ->
    [one] A restricted record was opened in an emergency. Review it by { $when }.
   *[other] Restricted records were opened in an emergency { $count } times. Review the first by { $when }.
}
openings-go = Review
