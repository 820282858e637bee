"""What the fund knows: pure decisions over frozen events; pydantic and the standard library only.

messages.py   Event, Command, Change, Aggregate, World: what a decision is made of
values.py     instants, money, protected text        people.py  roles and subjects      errors.py  why the fund says no
rulebook/     every rule with its clause; the checks stand beside it
call/ organisation/ partnership/ pilot_action/ evaluation/ grant/ account/ working_paper/
              each: events.py (what happened)  commands.py (what is asked)  aggregate.py (state and evolve)
              decisions.py (decide)
files.py      what the log knows of files that people attach; attaching.py, what each must be
prefixes/     a log read again: every decision made again at its place, and what does not hold there
receipt.py slot.py   the two technical streams        catalogue.py  every event, aggregate and decision by name
"""
