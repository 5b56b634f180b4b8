from typing import Any

config: Any
log: Any
