"""Rehearsals: a whole call played through with real pairings of earlier phases and invented people, so that everybody
can see what the fund does before it is used. Whatever a rehearsal invents is marked as generated.
"""
