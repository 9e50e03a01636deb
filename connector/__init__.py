"""What Passerelle knows of Discourse: its events, its API, its texts, and a local memory of what it holds."""
