"""What the archive says when a part of it is not to be had: English sentences, and the same in French for the host."""

NO_MODEL = "No language model is set up: search goes by words alone."
LOADING = "The language model is still loading: search goes by words alone for a moment."
CATCHING_UP = "Not all posts have been read by the language model yet: search by meaning misses some of them."
BROKEN = "The language model cannot be used here: search goes by words alone."

IN_FRENCH = {
    NO_MODEL: "Aucun modèle de langue n’est installé : la recherche se fait par les mots seulement.",
    LOADING: "Le modèle de langue se charge encore : la recherche se fait par les mots pour un instant.",
    CATCHING_UP: "Le modèle de langue n’a pas encore lu tous les messages : la recherche par le sens en oublie.",
    BROKEN: "Le modèle de langue ne peut pas servir ici : la recherche se fait par les mots seulement.",
}

CODES = {NO_MODEL: "no_model", LOADING: "loading", CATCHING_UP: "catching_up", BROKEN: "broken"}
"""A short name for each, for logs, metrics and templates."""


def in_language(sentence: str, lang: str) -> str:
    """The sentence in French where the reader reads French; a sentence we do not know stays as it is."""
    return IN_FRENCH.get(sentence, sentence) if lang == "fr" else sentence
