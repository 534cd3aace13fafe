"""Tools for those who write policies: cases now; lint, coverage and docs beside them."""
