### Words of other record systems, which open Annulus for one of their patients.

systems-title = Record systems
systems-head = { $count ->
    [0] No other record system may open Annulus.
    [one] One other record system may open Annulus.
   *[other] { $count } other record systems may open Annulus.
}
systems-lead = It opens Annulus for the patient on its screen, and Annulus reads that record there. Whoever opens it logs in here as ever.
systems-new = Register a record system
systems-name-how = As the people here call it.
systems-base = Address of its FHIR
systems-base-how = https://host/path, as its maker names it.
systems-client = Our client id
systems-client-how = What the record system calls Annulus.
systems-scopes = Scopes
systems-scopes-how = What it is asked for. Annulus reads one patient's record and never writes there.
systems-register = Register
systems-since = since { $day }
systems-withdrawn = withdrawn { $when }
systems-withdraw = Withdraw
systems-public = Public client. A secret is read from this file, where it stands:
systems-secret = Confidential client. Its secret stands in this file:
systems-secret-broken = Its secret cannot be read. Only the server's own user may read this file:
systems-ours = What to enter in the record system
systems-ours-launch = Launch address
systems-ours-redirect = Redirect address
launch-title = Opened from another record system
launch-here-head = You come from another record system.
launch-here-lead = Annulus opens. If it does not, press the button.
launch-there-head = { $system } asks whether Annulus may read the record.
launch-there-lead = You go on there. If you do not, press the button.
launch-on = Go on
launch-new-head = { $name } is not registered here.
launch-known-head = { $name } is here already.
# $born $sex
launch-who = Born { $born }, { $sex }.
# $system $patient
launch-from = From { $system }, where the patient has the number { $patient }.
launch-user = Signed in there: { $user }.
launch-facts = { $count ->
    [0] Nothing that Annulus knows how to read.
    [one] One fact is read.
   *[other] { $count } facts are read.
}
launch-fresh = { $count ->
    [one] One fact is new.
   *[other] { $count } facts are new.
}
launch-unmapped = { $count ->
    [0] Every entry is understood.
    [one] One entry is not understood. It is listed in the record.
   *[other] { $count } entries are not understood. They are listed in the record.
}
launch-withheld = Not given by the record system: { $types }. Ask the patient about what may be in them.
launch-register = Register and take the record
launch-take = Take what is new
launch-open = Open the record here
launch-born-unknown = on a day that is not known
launch-sex-unknown = sex not known
said-launched-nothing = The other record system has nothing new.
