"""How the head is trained: only by `passerelle netiquette train`, never while the forum is served."""
