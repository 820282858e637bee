"""The command line `fund`: what an operator asks on the machine itself, for people and, with --json, for programs.

start.py    where it begins
main.py     the program: its commands, its exit codes, one sentence for every error
lists.py    call, partnerships and applications list, rules (rules.py)
questions.py questions about a call                          messages.py what was told to whom
read.py     one call, ranking, dashboard, timeline, home     describe.py, render_ranking.py, render_points.py,
            render_dashboard.py  how people see them
log.py      events, show, rebuild (rebuilding.py)            doctor.py  is all well? (checks.py)
act.py      init and act: anything that can be asked (asking.py), or only foreseen (foreseeing.py, telling.py)
importing.py organisations and partnerships import           calls.py   call publish
warning.py what does not fit in an edition
privacy.py  everything about a person, told or erased
demo.py     a whole call with invented people                up.py      run the service
options.py  options that commands share                      output.py  tables, JSON, CSV, XLSX, one filter
opening.py  a data directory for reading                     finding.py what an id or a name means
bars.py     how far long work is                             progress.py the same of a rehearsal
entries.py  the log's entries as rows                        wording.py text for people

Command modules import what they need inside their commands, so that `fund --help` answers at once.
"""
