"""When people remove a post, its author is owed a reason: a draft for whoever removed it, never sent alone."""

from connector.records import StoredMember, StoredPost
from plugins.netiquette import plugin
from plugins.testing import Bench
from plugins.testing.acts import BenchAct
from plugins.testing.events import event

PHONE = "Appelle Sylvie sur son portable perso, c'est le 06 12 34 56 78, elle ne dira rien."


class Forum:
    """A forum where Léa has posted something."""

    def __init__(self, text: str = PHONE, lang: str = "fr") -> None:
        self.bench = Bench(plugin, mode="act", lang=lang)
        self.bench.run_twice()
        self.lea: StoredMember = self.bench.add_member("lea", lang=lang)
        self.topic = self.bench.add_topic(self.bench.add_member("karim"), "La prime de juin", "Quand ?")
        self.post: StoredPost = self.bench.add_post(self.topic, self.lea, text)

    def remove(self) -> None:
        """A moderator deletes it: the event tells the text from before, the forum knows the post no more."""
        payload = event("post_destroyed", self.post, self.bench.world).payload
        self.bench.world.remove_post(self.post.id)
        self.bench.dispatch("post_destroyed", payload)

    def drafts(self) -> list[BenchAct]:
        return [one for one in self.bench.acts if one.once.startswith("removed:")]


def test_a_removal_by_staff_brings_a_draft_with_clause_words_and_redress() -> None:
    """The draft names the clause, quotes the words, says how to contest, and waits for a person's name."""
    forum = Forum()
    forum.remove()
    [draft] = forum.drafts()
    assert (draft.member_id, draft.state, draft.conduct) == (forum.lea.id, "proposed", True)
    assert "règle 5 de la charte : *Les coordonnées" in draft.text
    assert "06 12 34 56 78" in draft.text
    assert "/contest" in draft.text
    assert draft.rule == "personal-data.fr"
    assert draft.evidence == (), "the post is gone: nothing may rest on it"


def test_where_no_clause_is_found_the_draft_claims_none() -> None:
    """A removal for a reason that no clause explains is not explained by one."""
    forum = Forum("Je vous envoie le compte rendu demain, il manque deux chiffres.", lang="en")
    forum.remove()
    [draft] = forum.drafts()
    assert "clause" not in draft.text
    assert "Answer this message" in draft.text


def test_what_an_author_took_back_himself_needs_no_reason() -> None:
    """While the post still stands on the forum (its author is withdrawing it) nothing is drafted."""
    forum = Forum()
    forum.bench.dispatch("post_destroyed", forum.post)
    assert forum.drafts() == []


def test_who_is_gone_or_wants_no_messages_gets_none() -> None:
    """An account that was deleted, with its posts, and a member who wants nothing of this, hear nothing."""
    forum = Forum()
    payload = event("post_destroyed", forum.post, forum.bench.world).payload
    forum.bench.world.remove_post(forum.post.id)
    forum.bench.forget(forum.lea)
    forum.bench.dispatch("post_destroyed", payload)
    assert forum.drafts() == []

    silent = Forum()
    silent.bench.consent.refused.add((silent.lea.id, None))
    silent.remove()
    assert silent.drafts() == []


def test_a_post_that_comes_back_needs_no_reason_any_more() -> None:
    """Put back before the draft was sent: the draft lapses."""
    forum = Forum()
    payload = event("post_destroyed", forum.post, forum.bench.world).payload
    forum.remove()
    forum.bench.dispatch("post_recovered", payload)
    assert [one.state for one in forum.drafts()] == ["lapsed"]
