"""The steps, oldest first: each makes the next form of the directory."""
