"""A log read again, event by event: what must hold at every prefix of it, whoever wrote it.

violations.py   what is found: a rule, a sentence, a place in the log
texts.py        protected texts as far as they can be read, and states without them
requests.py     from what was recorded back to what was asked for: the requests that an event can follow from
deciding.py     a request decided again in the world before it, and its outcome compared with what was recorded
laws.py         what must hold of the sums and the scores, however they came to be
prefixes.py     `Prefixes`: takes every event in order and yields the violations
rules.py        how each rule of the rulebook is looked for; those that a log cannot show, with the reason

Every decision is made again by the very function that the fund decided with, in the world as it was before the event.
So each rule of the rulebook stands here exactly once, where it always stood, and a rule that is added tomorrow is
looked for too. A recorded event is a fact: it is taken in whatever is found, and nothing here ever fails.
"""
