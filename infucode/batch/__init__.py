"""Many encounters: the same answers as one by one, fast, nothing lost."""
