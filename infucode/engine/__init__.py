"""The only place that talks to the grounder: facts in, outcome atoms out."""
