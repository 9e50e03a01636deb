"""The plugin's pages: blocks alone, drawn by the host."""
