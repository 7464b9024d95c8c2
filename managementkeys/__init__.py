"""Management keys: what programs that manage an organization sign in with."""
