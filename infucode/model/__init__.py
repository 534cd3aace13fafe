"""What goes in and what comes out, as frozen values. Never imports clingo."""
