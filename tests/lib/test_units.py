import pytest

from redisgate.lib import units


@pytest.mark.parametrize(
    ("megabytes", "words"),
    [
        (0, "0 MB"),
        (512, "512 MB"),
        (1024, "1 GB"),
        (1536, "1.5 GB"),
        (1600, "1,600 MB"),
        (2048, "2 GB"),
        (10240, "10 GB"),
        (1_048_576, "1,024 GB"),
    ],
)
def test_memory_in_words_stays_exact(megabytes: int, words: str) -> None:
    assert units.memory(megabytes) == words


@pytest.mark.parametrize(
    ("megabytes", "words"),
    [(512, "512 MB"), (1600, "1.56 GB"), (2048, "2 GB"), (60_000, "58.6 GB")],
)
def test_memory_that_is_compared_is_said_in_gigabytes(megabytes: int, words: str) -> None:
    assert units.roughly(megabytes) == words


@pytest.mark.parametrize(
    ("of_bytes", "words"),
    [
        (1023, "1,023 B"),
        (1024, "1 KB"),
        (999 * 1024, "999 KB"),
        (999.7 * 1024, "1 MB"),
        (1023 * 1024, "1 MB"),
        (1020 * units.MEGABYTE, "1 GB"),
        (1536 * units.MEGABYTE, "1.5 GB"),
    ],
)
def test_size_is_never_a_thousand_of_a_smaller_unit(of_bytes: float, words: str) -> None:
    assert units.size(of_bytes) == words


def test_one_is_singular() -> None:
    assert units.counted(1, "instance") == "1 instance"
    assert units.counted(0, "API key") == "0 API keys"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 s"),
        (42.9, "42 s"),
        (200, "3 min 20 s"),
        (3600, "1 h"),
        (3605, "1 h"),
        (446400, "5 d 4 h"),
        (86400 * 1200, "1,200 d"),
    ],
)
def test_duration_is_said_by_its_two_largest_parts(seconds: float, words: str) -> None:
    assert units.duration(seconds) == words
