"""What an output of `infucode batch solve` or `check` holds, in numbers, and how two differ."""
