"""Beside the topic one reads and the draft one writes: who may help, and asking them with one click."""
