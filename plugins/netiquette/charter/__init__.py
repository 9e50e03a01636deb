"""The charter as data: numbered clauses with texts, scope, detectors, examples and how far each may go."""
