"""Who somebody is: the directory of people, and how they show that they are it. What they may do, `permissions` says.

directory.py    its tables, in a file or tables beside the log: everything personal, and nothing else, can be erased
migrations/     how an older directory becomes today's (Alembic)
people.py       names, addresses and languages of those who have an account
form_drafts.py  forms that somebody has begun and not sent
saved_views.py  lists that somebody saved under a name
tokens.py       tokens for scripts: shown once, kept as digests
sessions.py     sessions of people: a secret in a cookie, kept as a digest; limits, rotation, fresh proofs
local_accounts.py  signing in by name and password: logins.py, passwords.py; throttle.py, how often one may try
provider.py     the identity provider (OpenID Connect): where it is, what it says of somebody, and whether that holds
provider_accounts.py  signing in by it, with identities.py, who is bound to which identity, and departures.py, who is on
                the way to it and back
invitations.py  links that let the holder of an account choose a login, with a code that comes another way
second_factors.py  codes of an authenticator (TOTP), recovery codes
shown_once.py   what is kept of a secret; counting.py, how long somebody waits whose limit is reached
refusals.py     why somebody is not let in
"""
