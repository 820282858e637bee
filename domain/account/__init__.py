"""The account: a subject, whom it acts for, and its roles; no personal data (design decision 11)."""
