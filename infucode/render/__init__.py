"""What a person or a program sees of an answer: decides nothing, and never imports clingo."""
