"""How well the charter is looked after, measured on labelled texts."""
