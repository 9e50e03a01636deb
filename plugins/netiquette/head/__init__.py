"""The classifier of attacks: features, training, the trained head that ships, and how it is loaded."""
