"""Who is measured: one small driver each."""
