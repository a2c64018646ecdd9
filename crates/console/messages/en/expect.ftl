### What to expect of the first session: for the patient, in plain words.

expect-head = What to expect at your first session
expect-lead = Read this before you come. Ask us about anything that is not clear.
expect-happens = What happens
expect-asked = First we ask how you are today.
expect-lie-lumbar = You lie down on a table. We put a belt around your hips and one around your chest.
expect-lie-cervical = You lie on your back on a table. We put a soft sling under the back of your head.
expect-pull = The table starts to pull, very slowly. It holds the pull, and then it lets go. It may do this more than once.
expect-with-you = Somebody from the clinic stays with you the whole time.
expect-feels = How it feels
expect-stretch = You feel a stretch. It must not hurt.
expect-told = We ask you how it feels. Tell us the truth: we can make the pull weaker.
expect-tell-now = Tell us at once about new pain, sharp pain, a numb or weak feeling, or if you feel faint.
expect-stops = You can stop it at any time
expect-switch = You hold a switch in your hand. Press it, and the table lets go within 5 seconds.
expect-stop = You can also say stop, or press STOP on the page that we give you.
expect-any-reason = You need no reason. Nobody minds. You do not have to go on.
expect-after = Afterwards
expect-sore = You may feel sore or stiff for a day or two. Many people do, and it goes away.
expect-rise = Get up slowly. We check that you walk well before you go home.
expect-ask = In the next three days we ask you how you are. Please answer, also when you are well.
expect-call = Call us on the same day
# $phone
expect-call-lead = Call { $phone } if one of these is new or gets worse.
expect-call-pain = The pain is much worse than before, or it is sharp.
expect-call-days = You are still sore after three days.
expect-call-leg = The pain goes further down your leg than before.
expect-call-arm = The pain goes further down your arm than before.
expect-call-numb = A part of you feels numb or weak.
expect-call-fever = You have a fever, or you sweat at night.
expect-call-fall = You had a fall.
expect-call-head = You have a headache, or you feel dizzy.
expect-go = Go to the hospital now
# $number $hospital
expect-go-lead = Call { $number } or go to { $hospital } at once. Do not drive yourself. Do not wait for us.
expect-go-saddle = You feel numb between your legs.
expect-go-bladder = You cannot pass water, or you cannot hold your water or your bowels.
expect-go-both = Both legs or both arms hurt, feel numb or are weak, and that is new.
expect-go-foot = You cannot lift your foot.
expect-go-walk = You walk unsteadily, or your hands are clumsy.
expect-go-stroke = Your face hangs down, you cannot speak well, or you see double.
expect-go-head = You have the worst headache of your life.
expect-go-tear = You have a tearing pain in your chest or belly.
expect-go-faint = You pass out.
