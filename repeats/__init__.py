"""Requests with an ``Idempotency-Key``, remembered so that none of them runs twice."""
