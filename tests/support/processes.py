"""The same function in many processes at once, each with its own connections."""

import multiprocessing
import traceback
from collections.abc import Callable
from typing import Any

from flask import Flask

from gifting.platform.db import db

TIMEOUT_SECONDS = 60


def in_processes(app: Flask, count: int, work: Callable[[int], Any]) -> list[Any]:
    """Run `work(number)` in `count` processes that begin together; return what each returned.

    An exception in a process is returned as its class name.
    """
    db.session.rollback()
    db.session.remove()
    context = multiprocessing.get_context("fork")
    barrier, queue = context.Barrier(count), context.SimpleQueue()

    def child(number: int) -> None:
        with app.app_context():
            db.engine.dispose(close=False)  # the parent's connections stay the parent's
            barrier.wait(TIMEOUT_SECONDS)
            try:
                result = work(number)
            except Exception as error:  # noqa: BLE001 - the parent judges it
                traceback.print_exc()
                result = type(error).__name__
            queue.put((number, result))
            db.session.remove()
            db.engine.dispose()

    processes = [context.Process(target=child, args=(number,)) for number in range(count)]
    for process in processes:
        process.start()
    results: dict[int, Any] = {}
    try:
        while len(results) < count:
            if not queue._reader.poll(TIMEOUT_SECONDS):  # SimpleQueue waits for ever
                raise TimeoutError(f"{count - len(results)} processes gave no answer")
            number, result = queue.get()
            results[number] = result
    finally:
        for process in processes:
            process.join(5)
            process.kill()
    return [results[number] for number in range(count)]
