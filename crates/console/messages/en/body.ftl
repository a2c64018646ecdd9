### The body on which pain is marked.

body-back = From behind
body-front = From the front
body-left = left
body-right = right
body-list = The same as a list
body-lower-back = lower back
body-buttock = buttock
body-thigh-back = back of the thigh
body-calf = calf
body-foot = foot
body-belly = belly
body-groin = groin
body-thigh-front = front of the thigh
body-shin = shin
body-head = back of the head
body-neck = neck
body-upper-back = upper back
body-shoulder = shoulder
body-upper-arm = upper arm
body-forearm = forearm
body-hand = hand
body-face = face
body-throat = throat
body-chest = chest

## What the pain feels like.

feel-aching = aching
feel-stiff = stiff
feel-tired = tired or heavy
feel-cramping = cramping
feel-throbbing = throbbing
feel-burning = burning
feel-line = Feels { $words }

## What is known of the body, beside the question of Evaluate.

examined-hurts = Where it hurts
examined-marked = marked { $day }
examined-hurt = Where it hurt
examined-where = Hurts: { $places }
examined-nothing = Nothing is marked.
examined-mark = Mark where it hurts
examined-mark-again = Mark it anew
examined-save = Save the picture
examined-head = What the examination found
examined-none = No root was examined yet.
examined-old = Last examined { $day }: too old to count.
examined-on = Examined { $days }.
examined-denied = denied
examined-denied-all = Not tested root by root: denied together, { $day }.
examined-known = What is known
examined-feeling = Feeling, root by root
examined-strength = Strength
examined-root = Root
examined-felt = Feeling
examined-left = left
examined-right = right
examined-untested = –
examined-normal = normal
examined-altered = altered
examined-absent = absent
examined-more = Examine root by root
examined-signs = Points stand where a root is tested, which is our choice; skin differs. Disc normal, triangle altered, filled absent, ring not tested.
