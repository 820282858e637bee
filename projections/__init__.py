"""What people see: one screen after the other, each following the log in batches; rows and position in one transaction.

read_model.py      the follower: batches of events, one transaction each, exactly once
together.py        several read models that follow side by side
build.py           a read model built anew beside the one that people read, which it then replaces
database.py        what both kinds of database share
applicant_home.py  what an applicant sees and does next: its tables (applicant_tables.py), its grants
                   (applicant_grants.py), what may be seen of them (applicant_view.py) as rows (applicant_rows.py),
                   and the next step in words (applicant_steps.py)
call_desk.py       who waits for whom in a call, and for how long: the clock (waiting.py), the deeds (desk_deeds.py),
                   which event lets wait for which (desk_clock.py), its tables (desk_tables.py), what is counted of
                   it as it moves (desk_counts.py); read whole (desk_view.py), or as far as it is shown: the deeds
                   (desk_waits.py), what is late or due soon (desk_urgency.py), the median days (desk_spans.py)
call_questions.py  what was asked about a call, and what was answered for all
call_ranking.py    every total explained, the award list, what became of it
coach_worklist.py  a coach's partnerships; evaluator_worklist.py, an evaluator's applications
fund_dashboard.py  the funnel, the money, the refusals: its tables (dashboard_tables.py), what each row counts for
                   (dashboard_figures.py), the whole and its groups as they may be seen (dashboard_view.py); the lists
                   behind the figures stand in lists.py
messages.py        what was told to whom: telling.py is the table, event → who is told
next_deeds.py      what waits for somebody, read from the screens above
working_papers.py  what auditors note and find, and which finding waits for whom
registry.py        every account with its roles, every city, area, region and agency
timeline.py        every event as the sentence that a person would say
screens.py         all read models, for whoever follows the log
"""
