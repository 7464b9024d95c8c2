from redisgate.quickstart import Kit


def test_kit_shows_no_secret_in_a_trace() -> None:
    kit = Kit(password="secret-1", token="secret-2", redis_url="redis://x:secret-2@host")
    assert "secret" not in repr(kit)
