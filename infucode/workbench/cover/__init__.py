"""Which conditions of which rules the cases hold, and on which side."""
