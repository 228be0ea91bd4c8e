"""A time that forked workers share."""

import multiprocessing

from core.shared_time import SharedTime


def test_forked_worker_sets_the_time_of_all():
    shared = SharedTime()
    assert shared.get() == 0
    worker = multiprocessing.get_context("fork").Process(target=shared.set, args=[12.5])
    worker.start()
    worker.join(10)
    assert (worker.exitcode, shared.get()) == (0, 12.5)
