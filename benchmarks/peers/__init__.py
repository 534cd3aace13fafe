"""The part of the check of claims that other rule engines can express, and these engines."""
