"""The pilot action and the versions of its application."""
