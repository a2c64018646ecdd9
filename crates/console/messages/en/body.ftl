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
