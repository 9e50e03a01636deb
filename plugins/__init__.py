"""The plugin contract, its settings, its voice, and the plugins that ship with Passerelle."""
