### What a patient says of research, and the data set of who agreed.

nav-research = Research
research-title = Research
research-off = Not part of research.
# $when $who
research-agreed = Part of research since { $when }. { $who } explained it.
research-used = Last taken along in a research data set { $when }.
research-explain = Explain it, and note a yes
research-what = What this means
research-agree = The patient agrees
research-withdraw = The patient does not agree any more
research-withdraw-own = I do not agree any more
research-words-what = Your age in years, scores, sessions and check-ins may be used to learn who is helped by traction.
research-words-not = Your name, dates, phone numbers and anything written in words stay out. So do your spine's pictures and recordings.
research-words-who = Only people who do research for this clinic get the tables. They must not try to find out who you are.
research-words-free = You are treated in the same way, whether you say yes or no.
research-words-back = You can take your yes back at any time. From then on you are in no new table. Tables that were taken before stay.
research-head = { $count } patients agreed to research.
research-head-few = Fewer than { $least } patients agreed to research.
research-few = There is no data set yet. With so few, somebody could be known.
research-lead = Tables of numbers and codes of those who agreed, for each patient by a study id.
research-rules = Days count from the first visit. Ages from 90 on are one. Each download is in the audit log and on the pages of these patients.
