"""The demonstration: a sandbox forum full of invented people, Passerelle beside it, and a story that plays itself."""
