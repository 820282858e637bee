"""What people see: one file per screen, each following the log in batches; rows and position in one transaction.

read_model.py      the follower: batches of events, one transaction each, exactly once
build.py           a read model built anew beside the one that people read, which it then replaces
database.py        what both kinds of database share
applicant_home.py  what an applicant sees and does next: tables (applicant_tables.py), grants (applicant_grants.py), and
                   what may be seen (applicant_view.py) as rows (applicant_rows.py), the next step (applicant_steps.py)
call_ranking.py    every total explained, the award list, what became of it
fund_dashboard.py  the funnel, the money, the refusals; the lists behind the figures stand in lists.py
timeline.py        every event as the sentence that a person would say
screens.py         all read models, for whoever follows the log
"""
