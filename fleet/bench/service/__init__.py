"""What may be asked of the bench room: benches and looks, runs, certificates, apps."""

from fleet.bench.service.apps import (
    LARGEST_APP_BYTES,
    apps_for,
    import_app,
    import_shipped,
    library_folder,
    path_of,
    shipped_apps,
)
from fleet.bench.service.benches import Seen, add_bench, add_slot, get_bench, get_slot, look
from fleet.bench.service.certificates import (
    Checked,
    asset_code,
    certificate_pdf,
    check_certificate,
    get_certificate,
    public_facts,
    write_certificate,
)
from fleet.bench.service.runs import (
    RUN_JOB,
    RunInProgress,
    cancel_run,
    get_run,
    retry_run,
    run_of,
    start_provision,
    start_wipe,
    waive_blocker,
)

__all__ = [
    "LARGEST_APP_BYTES",
    "RUN_JOB",
    "Checked",
    "RunInProgress",
    "Seen",
    "add_bench",
    "add_slot",
    "apps_for",
    "asset_code",
    "cancel_run",
    "certificate_pdf",
    "check_certificate",
    "get_bench",
    "get_certificate",
    "get_run",
    "get_slot",
    "import_app",
    "import_shipped",
    "library_folder",
    "look",
    "path_of",
    "public_facts",
    "retry_run",
    "run_of",
    "shipped_apps",
    "start_provision",
    "start_wipe",
    "waive_blocker",
    "write_certificate",
]
