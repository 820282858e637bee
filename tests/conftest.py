"""How every test runs: the same on every machine."""

from hypothesis import settings

# No deadline: tests run side by side, and a busy machine is no failure. The same examples on every run: the same code
# gives the same answer; `pytest --hypothesis-profile search` looks further.
settings.register_profile("steady", deadline=None, derandomize=True)
settings.register_profile("search", deadline=None, max_examples=2000)
settings.load_profile("steady")
