"""Links under our texts: whatever anybody does with them, only the member's own press of the button counts."""

import base64
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from itsdangerous import URLSafeSerializer
from sqlalchemy import select

from plugins.contract import Plugin
from tests.console.stage import Stage, Visitor, later
from tests.webhooks.conftest import MONDAY
from webhooks import erasure, tables, wishes
from webhooks.feedback import ANSWERS, Claim, Links
from webhooks.schedule import claim as next_job
from webhooks.views.console_words import sentences

TODAY = MONDAY.toordinal()
heard: list[tuple[str, str]] = []
listening = Plugin("listening", about="Hears what members say.", title={"en": "Listening", "fr": "À l'écoute"})


@listening.verdict
def hear(verdict: Any, context: Any) -> None:
    heard.append((verdict.once, verdict.answer))


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """One stage for all that is tried at the links; nothing of it may leave a trace."""
    with Stage(tmp_path_factory.mktemp("links") / "data", plugins=(listening,)) as stage:
        stage.service.archive.refresh_categories(stage.service.forum)
        yield stage


def token(stage: Stage, who: str = "lea", answer: Any = "not_useful", once: str = "one") -> str:
    return Links(stage.service.config, stage.clock.now).token(Claim("listening", once, stage.id_of(who), answer))


def traces(stage: Stage) -> list[str]:
    """Everything that an answer may leave behind."""
    with stage.service.database.read() as connection:
        return [repr(connection.execute(select(table)).all()) for table in (
            tables.verdicts, tables.wishes, tables.jobs, tables.attention, tables.outbox)]  # fmt: skip


addresses = (f"10.{high}.{low}.1" for high in range(256) for low in range(256))


def passer_by(stage: Stage) -> Visitor:
    """Somebody's browser at an address of its own, so that the limit of each address tells nothing here."""
    visitor = stage.client()
    visitor.http.environ_base["REMOTE_ADDR"] = next(addresses)
    return visitor


def press(visitor: Visitor, path: str, **fields: Any) -> int:
    """Open the link's page and press its button; gives the answer's status."""
    visitor.get(path)
    return visitor.send(path, **fields).status_code


words = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=80)
FUZZ = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


@FUZZ
@given(place=st.integers(0, 400), sign=st.characters(min_codepoint=33, max_codepoint=126), way=st.sampled_from("ridc"))
def test_a_changed_link_is_nobodys(shared: Stage, place: int, sign: str, way: str) -> None:
    """A link with a letter replaced, added or left out, or cut short, counts for nobody, or is still the very same."""
    whole = token(shared)
    at = place % len(whole)
    changed = {
        "r": whole[:at] + sign + whole[at + 1 :], "i": whole[:at] + sign + whole[at:],
        "d": whole[:at] + whole[at + 1 :], "c": whole[:at],
    }[way]  # fmt: skip
    read = Links(shared.service.config, shared.clock.now).read(changed)
    assert read is None or read == Links(shared.service.config, shared.clock.now).read(whole)
    if read is None and not set(changed) & set("/?#%\\"):
        before, visitor = traces(shared), passer_by(shared)
        visitor.token()
        assert visitor.send(f"/f/{changed}").status_code in (404, 405, 410)
        assert traces(shared) == before


def forged(stage: Stage, salt: str, key: str, content: Any) -> str:
    return str(URLSafeSerializer(key, salt=salt).dumps(content))


@pytest.mark.parametrize("content", [
    [1, "listening", "one", 1, 0, TODAY], [2, "listening", "one", 1, 0, TODAY],
    [1, "listening", "one", 1, 99, TODAY], [1, "nobody", "x", 1, 0, TODAY], [1, "listening", "one", "x", 0, TODAY],
    [], None, {}, "text", [1, "listening", "one", 1, -1, TODAY], [1, "listening", "one", 1, None, TODAY],
    [1, "listening", "one", 10**30, 0, TODAY], [1, {}, [], 1, 0, TODAY], [1, "listening", "one", 1, 0],
    [1, "listening", "one", 1, 0, "x"], [1, "listening", "one", 1, 0, None], [1, "listening", "one", 1, 0, 1e400],
], ids=repr)  # fmt: skip
def test_a_forged_link_is_nobodys(shared: Stage, content: Any) -> None:
    """Signed with another key, for another purpose, another forum, plugin, member or answer than there are: gone."""
    before, key, visitor = traces(shared), shared.service.config.signing_key(), passer_by(shared)
    tried = [forged(shared, "passerelle.feedback", "another-key", content), forged(shared, "another", key, content)]
    if content != [1, "listening", "one", 1, 0, TODAY]:
        tried.append(forged(shared, "passerelle.feedback", key, content))
    for word in tried:
        assert visitor.get(f"/f/{word}").status_code == 410
        assert press(visitor, f"/f/{word}") == 410
    assert traces(shared) == before


def test_the_halves_of_two_links_make_none(shared: Stage) -> None:
    """Another member's name under one's own signature, or another answer under it, is a forgery."""
    before, visitor = traces(shared), passer_by(shared)
    made = [token(shared, who, answer) for who in ("lea", "karim") for answer in ANSWERS]
    for first in made:
        for second in made:
            if first != second:
                mixed = f"{first.rpartition('.')[0]}.{second.rpartition('.')[2]}"
                assert Links(shared.service.config, shared.clock.now).read(mixed) is None
    body, _, signature = made[0].rpartition(".")
    content = f'[1,"listening","one",2,3,{TODAY}]'
    other = base64.urlsafe_b64encode(content.encode()).decode().rstrip("=")
    for word in (f"{other}.{signature}", body, f".{signature}", f"{body}.", made[0] + made[1]):
        assert press(visitor, f"/f/{word}") == 410
    assert traces(shared) == before


@pytest.mark.parametrize("answer", ANSWERS)
def test_whoever_looks_ahead_changes_nothing(shared: Stage, answer: str) -> None:
    """Previews, scanners and browsers that fetch in advance open the link in every manner: nothing is kept."""
    before, path = traces(shared), token(shared, "lea", answer)
    visitor = passer_by(shared)
    for address in (f"/f/{path}", f"/feedback/{path}"):
        for headers in ({}, {"Purpose": "prefetch"}, {"Sec-Purpose": "prefetch;prerender"}, {"User-Agent": "Slackbot"}):
            assert visitor.http.get(address, headers=headers).status_code == 200
            assert visitor.http.head(address, headers=headers).status_code == 200
        assert visitor.http.options(address).status_code == 200
        for method in ("PUT", "PATCH", "DELETE"):
            assert visitor.http.open(address, method=method).status_code in (400, 405)
        # A machine that even posts the form of the page has no hidden word of its own.
        assert passer_by(shared).http.post(address, data={"reason": "x"}).status_code == 400
    assert traces(shared) == before


@FUZZ
@given(reason=words, times=st.integers(1, 3))
@example(reason="a\x00b", times=1)
@example(reason="x" * 5000, times=1)
def test_pressing_again_changes_nothing_more(shared: Stage, reason: str, times: int) -> None:
    """However often the button is pressed, and whatever is written beside it, one answer of that member is kept."""
    visitor, path = passer_by(shared), f"/f/{token(shared, 'karim')}"
    for _ in range(times):
        assert press(visitor, path, reason=reason) == 200
    with shared.service.database.read() as connection:
        rows = connection.execute(
            select(tables.verdicts).where(tables.verdicts.c.member_id == shared.id_of("karim"))
        ).all()
    assert [row.answer for row in rows] == ["not_useful"]
    assert len(rows[0].reason) <= 1000
    assert "\x00" not in rows[0].reason


def test_the_plugin_hears_of_an_answer_once(stage_of_listening: Stage) -> None:
    """Pressed three times within a minute, the answer comes to the plugin's ears once; a changed mind comes again."""
    stage = stage_of_listening
    visitor = stage.client()
    for _ in range(3):
        press(visitor, f"/f/{token(stage)}")
    with stage.service.database.begin() as connection:
        waiting = connection.execute(select(tables.jobs).where(tables.jobs.c.job.like("verdict%"))).all()
        assert len(waiting) == 1
        assert next_job(connection, 1, stage.clock.now()) is not None


@pytest.fixture
def stage_of_listening(tmp_path: Any) -> Iterator[Stage]:
    with Stage(tmp_path / "data", plugins=(listening,)) as stage:
        yield stage


def test_a_link_of_somebody_else_is_not_ones_own(stage_of_listening: Stage) -> None:
    """Karim, logged in, opens a link that Léa passed on: he cannot answer in her place; logged out she can."""
    stage = stage_of_listening
    karim, before = stage.client().login("karim"), traces(stage)
    path = f"/f/{token(stage, 'lea', 'never')}"
    assert karim.get(path).status_code == 403
    assert 'name="reason"' not in karim.text
    assert karim.send(path).status_code == 403
    assert traces(stage) == before

    assert press(stage.client().login("lea"), path) == 200
    with stage.service.database.read() as connection:
        now = stage.clock.now()
        assert wishes.opted_out(connection, 1, stage.id_of("lea"), "listening", None, now)
        assert not wishes.opted_out(connection, 1, stage.id_of("karim"), "listening", None, now)


def test_a_link_of_who_is_forgotten_leads_nowhere(stage_of_listening: Stage) -> None:
    """After an erasure an old link brings nothing back: neither name nor answer of that member is kept anew."""
    stage = stage_of_listening
    path, number = f"/f/{token(stage)}", stage.id_of("lea")
    erasure.erase(stage.service, number)
    visitor = stage.client()

    assert visitor.get(path).status_code == 410
    assert press(visitor, path) == 410
    with stage.service.database.read() as connection:
        assert connection.execute(select(tables.verdicts)).all() == []


def test_the_last_answer_counts(stage_of_listening: Stage) -> None:
    """Whoever said « never » and then finds it useful after all has said so: the last word is kept."""
    stage = stage_of_listening
    visitor = stage.client()
    for answer in ("not_now", "not_useful", "useful"):
        assert press(visitor, f"/f/{token(stage, 'lea', answer)}") == 200
    with stage.service.database.read() as connection:
        [row] = connection.execute(select(tables.verdicts)).all()
    assert (row.answer, row.member_id) == ("useful", stage.id_of("lea"))


@pytest.mark.parametrize(("answer", "days"), [("useful", 60), ("never", 60), ("contest", 183)])
def test_a_link_has_its_time(stage_of_listening: Stage, answer: str, days: int) -> None:
    """Two months, and half a year to contest; then a kind page leads to the own page, and nothing is kept."""
    stage = stage_of_listening
    path, visitor = f"/f/{token(stage, 'lea', answer)}", stage.client()
    later(stage, days=days)
    assert visitor.get(path).status_code == 200
    later(stage, days=1)
    before = traces(stage)
    assert visitor.get(path).status_code == 410
    assert press(visitor, path) == 410
    assert 'href="/me"' in visitor.text
    assert traces(stage) == before


def test_a_link_says_what_it_is_about(stage: Stage) -> None:
    """The question by its title, as everybody may read it; where none waits, a yes is not said to answer one."""
    stage.ask_for("case-1")
    links, lea = Links(stage.service.config, stage.clock.now), stage.client()
    number, topic = stage.id_of("lea"), stage.service.archive.topic(stage.topic)
    assert topic is not None

    lea.get(f"/f/{links.token(Claim('helper', 'case-1', number, 'accept'))}")
    assert topic.title in lea.text
    assert sentences("fr")["feedback.what_accept"] in lea.text

    lea.get(f"/f/{links.token(Claim('helper', 'meet', number, 'accept'))}")
    assert topic.title not in lea.text
    assert sentences("fr")["feedback.what_accept_apart"] in lea.text
