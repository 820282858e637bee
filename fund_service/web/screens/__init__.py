"""What each page asks of screens and log. No rule stands here, and nothing is decided.

call.py        the call in public: what, who, until when, how it is judged, what changed
self_check.py  can we apply? what each rule says to a few answers, without an account
form.py        the application form to print and to pass round: blank, or a draft
proof.py       is a receipt genuine, and how the log was signed last
results.py     which pilot actions get support, once that is released
map.py         who works with whom: the published pairings on a map, and as a list
notices.py     how accessible the service is, and what it knows of people
questions.py   questions about the call with their answers
rules.py       every rule with its source
signing_in.py  signing in and out
invitation.py  taking up an invitation
language.py    choosing the language
search.py      everything that one may see, by words
home.py        what waits for me, and how the partnerships of my city stand
handover.py    what somebody takes over who follows an officer that left
partnership.py a partnership with its roadmap: written, agreed
application.py an application: what is left of its form, the way to the receipt
section.py     one section of the form, with resources in kind
submitting.py  check your answers and submit
confirming.py  a partner's confirmation
versions.py    the receipt, and what each version says
timeline.py    what happened in a partnership
dashboard.py   where a call stands: what is late, the money, who came how far, who waited how long
applications.py   the applications and the partnerships of a call, by words and by figures
ranking.py     the ranking of a line: the line and the envelope, every sum, the award list, what if
desk.py        the desk of a call: what is late, who waits for whom, what I can do about it
audit.py       what an auditor asks of a call: what is worth a look, equal treatment, samples, control totals
working_papers.py  working papers of auditors, their findings, and what was answered
assigning.py   evaluators proposed for free seats, with reasons
call_editor.py a new edition: mistakes by line, differences, its calendar played, what would follow
call_correction.py  what is published, changed: which rule allows what, which clocks move, who is told
explanations.py  why something is as it is: each figure down to its events; one event, to cite it
grants.py      support in kind: the list of a call, and each with its orders and its ledger
worklists.py   the worklists of evaluators and coaches
people.py      accounts with their roles
views.py       saving a list under a name
messages.py    what was told to whom
demonstration.py  whom a visitor of a demonstration may be, and the clock that a visitor moves
evaluation.py  before the declaration who applies and five questions; after it where an evaluation stands
calibration.py an invented application to score, then what an invented panel gave
scoring.py     the form of scores, beside what the application says
consensus.py   the forms of a consensus: where the evaluators are apart, what is proposed
application_copy.py  a whole application, to print
"""
