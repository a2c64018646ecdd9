### Words of logging in, accounts, audit and the clock.

login-title = Log in
login-head = Log in to the clinic.
login-name = Login
login-password = Password
login-go = Log in
login-wrong = Login or password is wrong.
login-wrong-remedy = Check both and try again. After five failures this account waits at this address.
account-title = Your account
account-head = Your account.
account-old = Present password
account-new = New password, 12 characters or more
account-change = Change the password
account-first = Somebody else chose your password. Choose one of your own before you go on.
account-wrong = The present password is wrong.
code-head = Your code, please.
code-lead = The six digits that your authenticator shows now, or one of your codes on paper.
code-word = Code
code-wrong = That is not the code of now.
code-wrong-remedy = Wait for the next one and type it. Each code counts once. Without your device use a code on paper, or ask your administrator.
second-title = Second factor
second-head = A second factor for your account.
second-lead = Whoever learns your password still cannot log in without your device.
second-none = Not set up: your password alone opens this account.
second-since = Asked for since { $day }.
second-paper-left = { $count ->
    [0] No code on paper is left: set it up anew.
    [one] One code on paper is left.
   *[other] { $count } codes on paper are left.
}
second-required = This clinic asks everybody who works here for a second factor.
second-scan = Read this picture with an authenticator: any app for codes by time (TOTP).
second-type = Or type this secret into it:
second-prove = Type the code that it shows now, and your password.
second-set = Set it up
second-remove = Remove it
second-remove-head = Remove it, or move it to another device
second-remove-lead = Remove it here, then set it up on the other device.
second-paper-head = Keep these codes on paper.
second-paper-lead = Each opens your account once when your device is lost. They are not shown again.
users-change = Change
users-temporary = Chooses a password at the first login.
users-forget-second = Their device is lost: ask for no code
users-title = Users
users-head = { $count ->
    [one] One person has an account.
   *[other] { $count } people have an account.
}
users-new = Add an account
users-licence = Licence number (practitioners and leads)
users-licence-until = Licence valid until
users-add = Add
users-set-password = Set password
users-close = Close the account
users-closed = closed
# $number $day
users-licence-shown = Licence { $number }, until { $day }
audit-title = Audit
audit-head = Who opened which record.
audit-lead = Newest first, hash-chained with the journal. A visit is written down before its page is shown; what lowers force is done first.
audit-record-how = A name, a date of birth, or the id of a record.
audit-all = All
audit-from = From
audit-until = Until
audit-look = Look
audit-older = Older lines
audit-none = Nothing of that kind is in the log.
audit-which = Whose record?
audit-link = a personal link
audit-nobody = nobody who is known
# $name $id
audit-client = { $name } (program { $id })
deed-read = read
deed-write = wrote
deed-login = came in
deed-login-failed = could not come in
deed-logout = left
deed-refused = was refused
deed-account = changed an account
deed-emergency = opened it in an emergency
audit-user = User
audit-patient = Record
audit-act = Act
audit-route = Page
clients-title = Programs
clients-head = { $count ->
    [0] No program may come in.
    [one] One program may come in.
   *[other] { $count } programs may come in.
}
clients-lead = A program reads and writes records by a token, as far as its scopes go. Each visit is in the audit log.
clients-new = Let a program in
clients-name-how = What it is and where it runs, as you would look for it in the audit log.
clients-scopes = Scopes
clients-scopes-how = Types and acts in the words of SMART: system/Observation.rs, system/*.cruds; system/cds and system/decide are ours. Spaces between them.
clients-until = Until
clients-until-how = At most a year from now.
clients-register = Let it in
clients-own = It signs its own tokens (CDS Hooks)
clients-own-how = Then it needs no token of ours. What it signs opens decision support alone.
clients-issuer = Issuer
clients-issuer-how = The name that its tokens give as iss.
clients-address = Our address, as it calls it
clients-address-how = What stands before /cds-services, with https. Its tokens are for this address.
clients-keys = Public keys
clients-keys-how = A JSON Web Key Set: keys of P-384, P-256 or RSA, each with an id. No private part.
clients-token-too = Make a token of ours as well
# $issuer $address
clients-signs = Signs as { $issuer } for { $address }.
clients-replace = Replace its keys
clients-replace-how = Paste all keys that hold from now on. What is not among them opens nothing.
clients-token-head = The token of { $name }.
clients-token-lead = Copy it now. It is not kept and not shown again.
clients-token = Token
clients-until-shown = until { $day }
clients-over = over since { $day }
clients-withdrawn = withdrawn { $when }
clients-used = Last let in { $when }.
clients-unused = Never let in.
clients-withdraw = Withdraw
clients-back = To the programs
clock-title = Clock
clock-head = The clinic's clock says { $now }.
clock-lead = In a demonstration it can be moved forward: check-ins fall due, nothing else waits for it.
clock-hours = Hours forward
clock-move = Move the clock
