"""Rules in plain words: the page of one rule, and the manual of a plan."""
