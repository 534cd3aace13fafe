"""The rules of a batch as one compiled function, and what goes in and out of it."""
