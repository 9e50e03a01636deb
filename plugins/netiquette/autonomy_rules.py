"""The name under which the host knows how far a clause may go in a language: the `rule` of every act of ours."""


def rule_of(clause: str, lang: str) -> str:
    """The rule of a clause in a language: `insults.fr`; the clause alone where the language is not known."""
    return f"{clause}.{lang}" if lang else clause


def clause_and_language(rule: str) -> tuple[str, str]:
    """The clause and the language that a rule names."""
    clause, dot, lang = rule.rpartition(".")
    return (clause, lang) if dot else (rule, "")
