"""What a tablet's facts say about its worth: a grade to suggest, with reasons. A person decides."""
