from typing import Any

class ErfaWarning(UserWarning): ...

leap_seconds: Any
