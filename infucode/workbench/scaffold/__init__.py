"""Beginnings of policies: folders, plans, rules and cases to fill in. Nothing is overwritten."""
