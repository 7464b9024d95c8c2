"""A command line for one instance in the browser."""
