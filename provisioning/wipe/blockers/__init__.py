"""What must be settled before a tablet may be wiped. A safety fact that could not be read blocks like a bad one."""

from provisioning.wipe.blockers.blocker import WAIVABLE, Blocker, BlockerCode, WipePolicy
from provisioning.wipe.blockers.finding import find_blockers

__all__ = ["WAIVABLE", "Blocker", "BlockerCode", "WipePolicy", "find_blockers"]
