"""Nothing that a bench put into its working folder stays on the tablet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from provisioning.facts.fact import Fact
from provisioning.facts.folder import BENCH_FOLDER, Names
from provisioning.facts.observation import Observation
from provisioning.resources.resource import Phase, Resource
from provisioning.resources.step import Step, run


@dataclass(frozen=True, kw_only=True)
class BenchFolderEmpty(Resource[Names]):
    phase: ClassVar[Phase] = Phase.LEAVING

    kind: Literal["bench_folder_empty"] = "bench_folder_empty"

    @property
    def id(self) -> str:
        return "bench_folder"

    @property
    def sentence(self) -> str:
        return "The bench's own files are off the tablet"

    def facts(self) -> tuple[Fact[Any], ...]:
        return (BENCH_FOLDER,)

    def read(self, observed: Observation) -> Names:
        return observed.value(BENCH_FOLDER)

    def decide(self, state: Names) -> tuple[Step, ...]:
        if not state.names:
            return ()
        # Both patterns: a name may begin with a dot. `-f` keeps quiet where one of them matches nothing.
        clear = run("rm -rf /data/local/tmp/* /data/local/tmp/.[!.]*")
        return (self.step(f"{self.sentence} ({len(state.names)} to delete).", clear),)
