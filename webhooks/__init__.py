"""The host: it receives the forum's web hooks, runs plugins, and carries out what they ask for, once."""
