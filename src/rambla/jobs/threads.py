"""Plain functions as handlers: each call in a thread of its own."""

from __future__ import annotations

import asyncio
import contextvars
import threading
from collections.abc import Callable
from typing import TypeVar

R = TypeVar("R")


async def in_thread(call: Callable[[], R]) -> R:
    """Run ``call`` in a daemon thread.

    Not in an executor: a handler that hangs would keep one of its threads for good, and the process from
    ending.
    """
    loop = asyncio.get_running_loop()
    future: asyncio.Future[R] = loop.create_future()
    context = contextvars.copy_context()

    def work() -> None:
        try:
            result = context.run(call)
        except StopIteration as error:  # no future takes one, and who awaits it would wait for ever
            tell(future.set_exception, _as_coroutines_do(error))
        except BaseException as error:  # noqa: BLE001 - it is raised where the handler is awaited
            tell(future.set_exception, error)
        else:
            tell(future.set_result, result)

    def tell(setter: Callable[[R], None] | Callable[[BaseException], None], value: object) -> None:
        def settle() -> None:
            if not future.done():
                setter(value)  # type: ignore[arg-type]  # the setter was paired with its value above

        if not loop.is_closed():
            loop.call_soon_threadsafe(settle)

    threading.Thread(target=work, name="job", daemon=True).start()
    return await future


def _as_coroutines_do(error: StopIteration) -> RuntimeError:
    raised = RuntimeError(f"The handler raised StopIteration({error.value!r}).")
    raised.__cause__ = error
    return raised.with_traceback(error.__traceback__)  # so that the job names the line
