"""What must be settled before a tablet may be wiped. A safety fact that could not be read blocks like a bad one."""

from provisioning.wipe.blockers.blocker import WAIVABLE, Blocker, BlockerCode, WipePolicy
from provisioning.wipe.blockers.finding import FACTS, find_blockers
from provisioning.wipe.blockers.holds import reset_protected

__all__ = ["FACTS", "WAIVABLE", "Blocker", "BlockerCode", "WipePolicy", "find_blockers", "reset_protected"]
