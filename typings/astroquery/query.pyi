from typing import Any

class BaseQuery:
    name: Any
    _session: Any
    def __init__(self) -> None: ...
