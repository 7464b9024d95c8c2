"""The platform as it runs in earnest: production settings, PostgreSQL, a platform Redis and a mail
server of its own, Prometheus, four web processes, under load, while one after another goes away.
"""
