# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""`BackgroundRequests`: requests in a thread of their own, which end when nobody waits for them any more."""

import threading
from concurrent.futures import Future

from atlasquery.transport.cancellation import Cancellation

__all__ = ["BackgroundRequests"]


class BackgroundRequests:
    """Within it, requests can be on their way while something else is done; who leaves it ends them.

    Its threads are daemons: those of `~concurrent.futures.ThreadPoolExecutor` would keep the interpreter from ending
    until the server answers.

    Examples
    --------
    >>> from atlasquery.batches.background import BackgroundRequests
    >>> with BackgroundRequests() as background:
    ...     background.submit(sum, [1, 2]).result()
    3
    """

    def __enter__(self):
        self._cancellation = Cancellation()
        return self

    def __exit__(self, *exception):
        self._cancellation.cancel()

    def submit(self, work, *arguments):
        """Begin with some work.

        Parameters
        ----------
        work : callable
            Sends a request.
        *arguments
            What it is given.

        Returns
        -------
        `~concurrent.futures.Future`
            What it will return, or raise.
        """
        promise = Future()
        run = threading.Thread(target=self._run, args=(promise, work, arguments), name="atlasquery", daemon=True)
        run.start()
        return promise

    def _run(self, promise, work, arguments):
        try:
            with self._cancellation.activate():
                done = work(*arguments)
        except BaseException as error:  # noqa: BLE001  (it is raised in the thread that waits)
            promise.set_exception(error)
        else:
            promise.set_result(done)
