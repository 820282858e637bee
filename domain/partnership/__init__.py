"""The partnership: its members, its roadmap and its coaching."""
