"""What the API takes and says of runs, stops and scans."""

from fleet.deliveries.schemas.review import ScanList, ScanOut, SettleIn
from fleet.deliveries.schemas.runs import (
    AssignIn,
    JobIn,
    JobOut,
    MoveJobIn,
    RunIn,
    RunList,
    RunOut,
    RunWithJobs,
    WindowIn,
)
from fleet.deliveries.schemas.telling import (
    DetailsIn,
    ScanAnswer,
    ScanAnswers,
    ScanBatch,
    ScanIn,
    ScansIn,
)
from fleet.deliveries.schemas.today import MyRun, SeenRunOut, StopOut

__all__ = [
    "AssignIn",
    "DetailsIn",
    "JobIn",
    "JobOut",
    "MoveJobIn",
    "MyRun",
    "RunIn",
    "RunList",
    "RunOut",
    "RunWithJobs",
    "ScanAnswer",
    "ScanAnswers",
    "ScanBatch",
    "ScanIn",
    "ScanList",
    "ScanOut",
    "ScansIn",
    "SeenRunOut",
    "SettleIn",
    "StopOut",
    "WindowIn",
]
