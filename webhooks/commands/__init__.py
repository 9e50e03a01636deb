"""The words after `passerelle`, one file a group."""
