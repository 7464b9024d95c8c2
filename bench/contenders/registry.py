"""The contenders by name, each with the program it can't be without."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial

from bench import scenarios
from bench.contenders import bare, do_nothing, redisgate, straight, webdis
from bench.contenders.base import Contender
from bench.stage import Stage

Start = Callable[[Stage], AbstractContextManager[Contender]]

CONTENDERS: dict[str, tuple[Start, tuple[str, ...]]] = {
    scenarios.REDISGATE: (partial(redisgate.running, is_fast=True), ("wrk",)),
    scenarios.DRF_DOOR: (partial(redisgate.running, is_fast=False), ("wrk",)),
    scenarios.WEBDIS: (webdis.running, ("wrk", "webdis")),
    scenarios.DO_NOTHING: (do_nothing.running, ("wrk",)),
    scenarios.BARE: (bare.running, ()),
    scenarios.STRAIGHT: (straight.running, ("redis-benchmark",)),
}
