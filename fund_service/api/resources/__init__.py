"""What can be read: lists from the screens, single things as they are now; `permissions/views.py` says by whom.

calls.py          calls with their rules, in public; the rulebook; rankings
self_check.py     how the rules stand to a case that somebody tells of, in public
forms.py          the application form as a document: blank, or a draft
decisions.py      what is decided about a call before the public is told
questions.py      questions about a call: published, all, one's own
pairings.py       the pairings that the programme published, in public
partnerships.py   partnerships: members, roadmap, coaching
pilot_actions.py  pilot actions: drafts, versions, receipts
evaluations.py    committees and scores, as far as each may see them
grants.py         support in kind, with its orders
people.py         accounts and organisations; who I am, what waits for me
directory.py      the people behind the accounts
messages.py       what was told to whom
screens.py        dashboard, desk, timeline
log.py            the signed log in public: its checkpoint, its keys, receipts proven
search.py         search over all of it
working_papers.py working papers of auditors, and their findings
"""
