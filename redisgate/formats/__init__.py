"""How Django writes dates where no template says it: its admin."""
