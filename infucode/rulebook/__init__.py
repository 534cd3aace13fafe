"""Policy files read, bound to their papers, checked and joined into one rulebook."""
