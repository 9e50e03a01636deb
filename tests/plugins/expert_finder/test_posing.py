"""Nobody becomes an expert by answering accounts of his own."""

import random
from dataclasses import replace

import pytest

from plugins.expert_finder.evidence import Evidence
from plugins.expert_finder.features import portrait
from plugins.expert_finder.past import DAY, PastPost, Question
from plugins.expert_finder.ranking import rank
from tests.plugins.expert_finder.forums import SUBJECTS, past

PUPPETS = range(900, 910)


def puppet_posts(start: float, span: float, seed: int) -> list[PastPost]:
    """Ten accounts, 200 posts: twenty topics of one another, stuffed with the subject's words, answered by the ring."""
    chance = random.Random(seed)
    posts = []
    for number in range(20):
        at, topic = start + number * span / 20, 5000 + number
        ring = chance.sample(list(PUPPETS), 10)
        posts.append(PastPost(10_000 + 10 * number, topic, ring[0], at, at, 1, SUBJECTS["excel"], "Excel pivot macro?"))
        for place, puppet in enumerate(ring[1:], start=2):
            text = f"{SUBJECTS['excel']} answer {chance.random()} {chance.random()}"
            when = at + 60 * place
            posts.append(PastPost(10_000 + 10 * number + place, topic, puppet, when, when, place, text))
    return posts


def ranked_with(fake: list[PastPost], honest: list[PastPost]) -> list[int]:
    """Whom the forum would name for a question on Excel, once it has read the honest and the fake posts."""
    evidence = Evidence()
    for post in sorted([*honest, *fake], key=lambda post: (post.at, post.id)):
        evidence.tell(post)
    question = Question(9999, 101, honest[-1].at + DAY, "Excel pivot table macro?", SUBJECTS["excel"])
    return rank(evidence, portrait(evidence, question, None), None).ids


@pytest.mark.parametrize("days", [1, 7, 20, 60, 120])
@pytest.mark.parametrize("seed", [1, 2, 3, 4, 5])
def test_ten_sock_puppets_never_enter_the_top_five(days: int, seed: int) -> None:
    """Ten accounts that give one another 200 posts, in a day or over four months, are not among the first five."""
    honest = past(240)
    fake = puppet_posts(honest[-1].at - days * DAY, days * DAY, seed)
    ranked = ranked_with(fake, honest)
    assert len(ranked) >= 5
    assert not set(ranked[:5]) & set(PUPPETS)
    assert ranked[0] == 1


def parrot_posts(honest: list[PastPost], days: int, seed: int) -> list[PastPost]:
    """The ten answer real members too: three a topic, each with a reply somebody gave before, a word added."""
    chance = random.Random(seed)
    posts: list[PastPost] = []
    said = [post.text for post in honest if not post.opens]
    for opening in honest:
        if not opening.opens or opening.at < honest[-1].at - days * DAY:
            continue
        for place, puppet in enumerate(chance.sample(list(PUPPETS), 3)):
            when = opening.at + 9000 + 60 * place
            text = f"{chance.choice(said)} {chance.choice(['Regards', 'Cheers', 'Hello'])}"
            posts.append(PastPost(50_000 + 10 * opening.id + place, opening.topic_id, puppet, when, when, 9, text))
    return posts


@pytest.mark.parametrize("days", [20, 90])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_sock_puppets_who_repeat_what_others_said_to_real_members_stay_out(days: int, seed: int) -> None:
    """Besides talking to one another they answer established members, with words that others wrote: still nobody."""
    honest = past(240)
    fake = [*puppet_posts(honest[-1].at - days * DAY, days * DAY, seed), *parrot_posts(honest, days, seed)]
    ranked = ranked_with(fake, honest)
    assert len(ranked) >= 5
    assert not set(ranked) & set(PUPPETS)
    assert ranked[0] == 1


def test_where_nobody_else_is_left_puppets_are_not_named_either() -> None:
    """On a forum of three helpers the list ends after them, rather than with accounts that talk to one another."""
    honest = [post for post in past(240) if post.opens or post.author in {1, 2, 3}]
    ranked = ranked_with(puppet_posts(honest[-1].at - 20 * DAY, 20 * DAY, 1), honest)
    assert set(ranked) == {1, 2, 3}


def test_copies_of_an_answer_count_once() -> None:
    """A newcomer who pastes one answer under every question has the evidence of one answer."""
    honest = past(240)
    end = honest[-1].at
    pasted = [
        replace(post, id=70_000 + post.id, author=800, number=9, at=post.at + 9000, known_at=post.at + 9000,
                text="Have you tried to switch the whole thing off and on again?")
        for post in honest
        if post.opens and post.at > end - 20 * DAY
    ]  # fmt: skip
    evidence = Evidence()
    for post in sorted([*honest, *pasted], key=lambda post: (post.at, post.id)):
        evidence.tell(post)
    assert evidence.people["topics"][evidence.people.numbers[800]] <= 3
