"""Thread pools: canceled callers, failures, and threads that start late or never."""

import asyncio
import threading
import time

import pytest

from core import thread_pools


def in_a_room(story):
    return asyncio.run(story(thread_pools.ThreadPool("test", 1)))


async def begun(room, work, **how):
    """A task whose work has started, in the only thread of the pool."""
    started = threading.Event()
    task = asyncio.create_task(room.run(lambda: (started.set(), work()), **how))
    while not started.is_set():
        await asyncio.sleep(0.001)
    return task


def test_canceled_caller_waits_for_started_work():
    async def story(room):
        goes_on = threading.Event()
        task = await begun(room, goes_on.wait)
        for _ in range(2):
            task.cancel()
            await asyncio.sleep(0.05)
            assert not task.done()
        goes_on.set()
        with pytest.raises(asyncio.CancelledError):
            await task

    in_a_room(story)


def test_abandoned_work_is_not_waited_for():
    async def story(room):
        goes_on = threading.Event()
        task = await begun(room, goes_on.wait, abandoned=True)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        goes_on.set()

    in_a_room(story)


def test_queued_work_is_dropped_with_its_caller():
    async def story(room):
        goes_on, done = threading.Event(), []
        first = await begun(room, goes_on.wait)
        second = asyncio.create_task(room.run(done.append, 1))
        await asyncio.sleep(0.01)
        second.cancel()
        with pytest.raises(asyncio.CancelledError):
            await second
        goes_on.set()
        await first
        assert not done

    in_a_room(story)


def test_stop_iteration_raises_an_error_instead_of_hanging():
    async def story(room):
        with pytest.raises(RuntimeError) as raised:
            async with asyncio.timeout(5):
                await room.run(next, iter(()))
        assert isinstance(raised.value.__cause__, StopIteration), "the log shows where it was raised"

    in_a_room(story)


def test_abandoned_work_takes_no_thread_from_the_next_caller():
    async def story():
        room, goes_on = thread_pools.ThreadPool("test", 2), threading.Event()
        task = await begun(room, goes_on.wait, abandoned=True)
        task.cancel()
        await asyncio.wait([task])
        async with asyncio.timeout(5):
            assert await room.run(int) == 0
        goes_on.set()

    asyncio.run(story())


def test_pool_recovers_after_a_thread_could_not_start(monkeypatch):
    async def story(room):
        done = []

        def refuse(_thread):
            raise RuntimeError("can't start new thread")

        with monkeypatch.context() as short_of_threads:
            short_of_threads.setattr(threading.Thread, "start", refuse)
            with pytest.raises(RuntimeError):
                await room.run(done.append, "refused")
        async with asyncio.timeout(5):
            await room.run(done.append, "ran")
        assert done == ["ran"]

    in_a_room(story)


def test_one_thread_serves_all_callers_if_no_other_can_start(monkeypatch):
    async def story():
        room, goes_on = thread_pools.ThreadPool("test", 2), threading.Event()
        first = await begun(room, goes_on.wait)

        def refuse(_thread):
            raise RuntimeError("can't start new thread")

        monkeypatch.setattr(threading.Thread, "start", refuse)
        second = asyncio.create_task(room.run(int))
        await asyncio.sleep(0.01)
        goes_on.set()
        async with asyncio.timeout(5):
            assert [await first, await second] == [(None, True), 0]

    asyncio.run(story())


def test_pool_is_stopped_in_its_own_thread():
    async def story(room):
        # As when the garbage collection runs in this thread. A collection here would find what other tests have left.
        await room.run(thread_pools._stop, room._tasks, room._threads)
        async with asyncio.timeout(5):
            while room._threads:
                await asyncio.sleep(0.001)

    in_a_room(story)


def in_a_growing_room(story):
    """A pool of three threads, of which one is usual."""
    return asyncio.run(story(thread_pools.ThreadPool("test", 3, usual=1)))


async def until(condition):
    async with asyncio.timeout(5):
        while not condition():
            await asyncio.sleep(0.001)


def test_short_work_uses_the_usual_threads(monkeypatch):
    monkeypatch.setattr(thread_pools, "SECONDS_TO_WAIT", 60)

    async def story(room):
        threads = await asyncio.gather(*(room.run(threading.current_thread) for _ in range(100)))
        assert len(set(threads)) == 1

    in_a_growing_room(story)


def test_additional_threads_serve_while_the_usual_ones_are_busy(monkeypatch):
    monkeypatch.setattr(thread_pools, "SECONDS_OF_ADDITIONAL_THREADS", 60)

    async def story(room):
        goes_on = threading.Event()
        waiting = [await begun(room, goes_on.wait) for _ in range(3)]
        last = asyncio.create_task(room.run(int))
        await asyncio.sleep(0.05)
        assert not last.done(), "the pool has three threads"
        goes_on.set()
        async with asyncio.timeout(5):
            assert await asyncio.gather(last, *waiting) == [0, *[(None, True)] * 3]

    in_a_growing_room(story)


def test_additional_threads_end(monkeypatch):
    monkeypatch.setattr(thread_pools, "SECONDS_OF_ADDITIONAL_THREADS", 0.05)

    async def story(room):
        goes_on = threading.Event()
        waiting = [await begun(room, goes_on.wait) for _ in range(3)]
        goes_on.set()
        await asyncio.gather(*waiting)
        await until(lambda: len(room._threads) == 1)
        assert await room.run(int) == 0

    in_a_growing_room(story)


def test_work_is_not_stuck_behind_threads_that_end_late(monkeypatch):
    monkeypatch.setattr(thread_pools, "SECONDS_OF_ADDITIONAL_THREADS", 0.05)

    async def story(room):
        goes_on, stuck = threading.Event(), threading.Event()
        waiting = [await begun(room, work) for work in (stuck.wait, stuck.wait, goes_on.wait)]
        await until(lambda: room._tasks.qsize() == 2)  # the ends of both additional threads
        goes_on.set()  # the third thread ends, so both others are stuck
        async with asyncio.timeout(5):
            assert [await room.run(int) for _ in range(3)] == [0] * 3
        stuck.set()
        await asyncio.gather(*waiting)
        await until(lambda: len(room._threads) == 1)

    in_a_growing_room(story)


def test_many_short_blockades_lose_no_work(monkeypatch):
    monkeypatch.setattr(thread_pools, "SECONDS_OF_ADDITIONAL_THREADS", 0.01)

    async def story(room):
        for _ in range(10):
            async with asyncio.timeout(10):
                await asyncio.gather(*(room.run(time.sleep, 0.007 * (number % 3)) for number in range(20)))
        await until(lambda: len(room._threads) == 1 and not room._tasks.qsize())

    in_a_growing_room(story)
