"""What tells a breach by its text: pure functions from what somebody said to findings; nothing here acts or writes."""
