"""Every page in every state, as pictures to judge by, and as ground for accessibility checks.

``python -m gallery`` takes the pictures. What is shown stands in `gallery.catalogue`, the
world behind it is made in `gallery.world`.
"""
