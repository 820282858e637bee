"""The organisation: a city, metropolitan or functional area, region or agency, admitted to the programme or not.

decisions.py    registered, admitted, asked for its population
linking.py      one entity with others in a call
naming.py       told that it is named in several applications
events.py  commands.py  aggregate.py   as everywhere in the domain
"""
