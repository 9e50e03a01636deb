"""The host's pages and endpoints, one group a file."""
