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
account-wrong = The present password is wrong.
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
audit-lead = The last { $count } visits, newest first. The log is hash-chained with the journal.
audit-user = User
audit-patient = Record
audit-act = Act
audit-route = Page
clock-title = Clock
clock-head = The clinic's clock says { $now }.
clock-lead = In a demonstration it can be moved forward: check-ins fall due, nothing else waits for it.
clock-hours = Hours forward
clock-move = Move the clock
