"""Figures over time: sampled from every server, kept, rolled up and drawn."""
