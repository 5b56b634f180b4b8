from typing import Any

from astropy.table import QTable

class BaseTimeSeries(QTable): ...

class TimeSeries(BaseTimeSeries):
    time: Any

def __getattr__(name: str) -> Any: ...
