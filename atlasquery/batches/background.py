# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""`BackgroundRequests`: requests in other threads, which are cancelled when their result is no longer needed."""

import threading
from concurrent.futures import Future
from contextvars import copy_context
from functools import partial

from atlasquery.transport.cancellation import Cancellation
from atlasquery.utils.threads import start_thread

__all__ = ["BackgroundRequests"]


class BackgroundRequests:
    """Context manager that runs requests in other threads, and cancels them at its end.

    Its threads are daemons: those of `~concurrent.futures.ThreadPoolExecutor` would keep the interpreter from ending
    until the server answers.
    """

    def __enter__(self):
        self._cancellation = Cancellation()
        return self

    def __exit__(self, *exception):
        self._cancellation.cancel()

    def submit(self, function, *arguments):
        """Call a function in a new thread, and return the `~concurrent.futures.Future` of its result.

        Without threads it is called here.
        """
        future = Future()
        run = partial(copy_context().run, self._run)  # with the number of the call in the log
        options = {"target": run, "args": (future, function, arguments), "name": "atlasquery", "daemon": True}
        if not start_thread(threading.Thread(**options)):
            run(future, function, arguments)
        return future

    def _run(self, future, function, arguments):
        try:
            with self._cancellation.activate():
                result = function(*arguments)
        except BaseException as error:  # noqa: BLE001  (it is raised in the thread that reads the future)
            future.set_exception(error)
        else:
            future.set_result(result)
