"""How it runs: the door that every command comes through, the store behind it, and the parts that follow the log.

application.py   Fund.handle: authenticate, load, permission, decide, record      permissions.py  who may do what
event_store.py   the log on eventsourcing's recorders     keys.py  protected text     clock.py  the programme clock
projector.py     read models follow the log               rebuilding.py  and are built anew
relay.py         the log drives Temporal                  reconciliation.py  and finds what does not go on
worker.py        workflows and activities                 temporal_server.py  the embedded Temporal server
composition.py   puts the parts together                  service.py   runs them in one process
settings.py      every setting                            temporal_codec.py  what Temporal keeps is sealed
privacy/         personal data, told or erased            cli/  api/  editions/  rehearsal/
"""
