"""What can be asked of the hub desk: what a scan means on any page, and what to do about a lost tablet."""

from fleet.desk.service.finding import Finding, find
from fleet.desk.service.lost import LostStory, called, lost_story, say_seen, take_in_found

__all__ = ["Finding", "LostStory", "called", "find", "lost_story", "say_seen", "take_in_found"]
