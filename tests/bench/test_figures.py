from bench.figures import Results
from tests.bench.results import result


def test_the_median_is_taken_figure_by_figure() -> None:
    results = Results([result("load", "us", 10, 1000, 30, 20, 40)])
    median = results.median("load", "us")
    assert median is not None
    assert (median.per_second, median.p50_ms) == (30, 0.5)


def test_what_was_not_measured_has_no_median() -> None:
    results = Results([result("load", "us"), result("load", "them", 1)])
    assert results.median("load", "us") is None
    assert results.median("load", "nobody") is None
    assert results.median("other", "them") is None
