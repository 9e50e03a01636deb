"""What is not for everybody stays so (P8): canaries are sought in everything that Passerelle shows, sends and keeps."""

import json
from collections.abc import Iterator

import pytest

from plugins.expert_finder import plugin as expert_finder
from tests.journeys.canaries import NEVER_PUBLIC, TAKEN_BACK, TEAM, Cale, canary, tattler
from tests.journeys.people import Browser, held, settings
from tests.webhooks.inline_page import ForumPage
from tests.webhooks.place import Place
from webhooks.inline_desk import Limits
from webhooks.replay import replay

WAVES = ("alpha", "beta")
SECRET = [canary(kind, wave) for kind in (*NEVER_PUBLIC, *TAKEN_BACK) for wave in WAVES]
OF_TEAM = [canary(TEAM, wave) for wave in WAVES]
STARTS = ("/", "/why", "/me", "/me/download", "/health", "/ready", "/metrics", "/pages/tattler/all", "/feedback/x",
          "/m/tattler/all")  # fmt: skip


@pytest.fixture(scope="module")
def cale(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cale]:
    """The history was imported and then taken back in part; a second wave came and went by web hooks."""
    folder = tmp_path_factory.mktemp("cale")
    with Place(folder, plugins=(tattler(), expert_finder), settings=settings(inline_patience=100.0)) as place:
        cale = Cale(place)
        cale.people()
        place.forum.faults.lose_hooks = True
        cale.open("alpha")
        place.service.archive.refresh_categories(place.service.forum)
        place.service.archive.opt_in(cale.team, ["pompes"])
        place.service.archive.import_forum(place.service.forum)
        place.forum.faults.lose_hooks = False
        place.let("tattler", "off")
        cale.open("beta")
        place.settle()
        shown = place.service.archive.search("zqmasquebetaqz", place.service.archive.audience_public(), mode="lexical")
        assert shown.hits, "what is public is found"
        for wave in WAVES:
            cale.take_back(wave)
        place.settle()
        # Hiding a post is announced to nobody: the memory finds out by asking, within two hours.
        for _ in range(12):
            place.pass_time(minutes=10)
        place.let("tattler")
        place.let("expert_finder")
        place.ask("Comment peindre la coque avant le printemps ?")
        place.forum.as_member("paul").topic(cale.team, "Compte rendu de la réunion", "Voici ce qui a été dit hier.")
        place.settle()
        yield cale


def _seen(browser: Browser, *starts: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for path, answer in browser.crawl(*STARTS, *starts):
        assert answer.status_code < 500, path
        text = answer.text.lower()
        for word in (*SECRET, *OF_TEAM):
            if word in text:
                found.setdefault(word, []).append(path)
    return found


def test_passer_by_sees_no_canary(cale: Cale) -> None:
    """Whoever passes by finds none of the words that are not for everybody on any page."""
    assert _seen(Browser(cale.place)) == {}


@pytest.mark.parametrize("name", ["lea", "karim", "paul"])
def test_members_see_their_own_words_only(cale: Cale, name: str) -> None:
    """A member's pages show none of the hidden words, and of a team's words only to its members."""
    found = _seen(Browser(cale.place, name).login("/me"))

    assert set(found) <= (set(OF_TEAM) if name == "paul" else set())


def test_manager_sees_no_canary_in_the_console(cale: Cale) -> None:
    """A community manager opens every page of the console: none of the hidden words stands there."""
    found = _seen(Browser(cale.place, "claire").login(), "/console", "/console/plugins/tattler/page/all")

    assert set(found) <= set(OF_TEAM)


DRAFTS = ("Le mot de passe de la cale, s'il vous plaît ?", "Comment vider la cale du bateau ?", "Réunion de l'équipe")


@pytest.mark.parametrize("name", ["", "lea", "paul", "claire"])
def test_help_beside_texts_tells_no_canary(cale: Cale, name: str) -> None:
    """Beside every topic there ever was, and beside drafts that ask for them, nobody is shown what is hidden."""
    page = ForumPage(cale.place, name)
    if name:
        page.identify()
    cale.place.service.desk.limits = Limits()
    found = []
    for draft in (*DRAFTS, *SECRET, *OF_TEAM):
        found.append(page.write(draft, draft, lang="fr"))
    cale.place.service.desk.limits = Limits()
    last = max(cale.topics.values()) + 20
    for number in range(1, last):
        if number % 25 == 0:
            cale.place.service.desk.limits = Limits()
        found.append(page.read(number, lang="fr", closed=[]))
    told = json.dumps([one for one in found if one], ensure_ascii=False).lower()

    assert sum(one is not None for one in found) > 5, "somebody said something"
    mine = [] if name in ("paul", "claire") else OF_TEAM
    assert [word for word in (*SECRET, *mine) if word in told] == []
    assert any(word in told for word in OF_TEAM) == (not mine), "the team's words are for the team"
    for kind in ("delist", "deplace", "converti"):
        assert f"sujet {kind}" not in told, "a title that was taken back"
        for wave in WAVES:
            number = cale.topics[kind + wave]
            assert f'/t/{number}"' not in told, "a link to what was taken back"
            assert f"/t/{number}/" not in told, "a link to what was taken back"
    assert "budget de la direction" not in told


@pytest.mark.parametrize("name", ["", "lea", "paul", "claire"])
def test_the_directory_tells_no_canary(cale: Cale, name: str) -> None:
    """Whatever a member looks for, and whichever person, topic or post is asked for by its number: only one's own."""
    browser = Browser(cale.place, name)
    if name:
        browser.login("/me")
    asked = [f"q={words}" for words in (*DRAFTS, "bateau", "réunion")]
    asked += [f"person={number}" for number in range(1, 12)]
    asked += [f"topic={number}" for number in range(1, max(cale.topics.values()) + 5)]
    asked += [f"post={number}" for number in range(1, 90)]
    told = "\n".join(browser.get(f"/m/expert_finder/who-knows?{one}").text.lower() for one in asked)

    mine = [] if name in ("paul", "claire") else OF_TEAM
    assert [word for word in (*SECRET, *mine) if word in told] == []
    assert ("/t/" in told) == bool(name), "members find something, whoever passes by is sent to the login"


def test_drafts_stay_nowhere(cale: Cale, capfd: pytest.CaptureFixture[str]) -> None:
    """What is being written leaves no trace: neither in tables, logs, indexes nor measures, whatever happens to it."""
    page = ForumPage(cale.place, "lea").identify()
    cale.place.service.desk.limits = Limits()
    word = "zqbrouillonqz"
    for text in (f"La cale fuit, {word}", f"{word} " * 2_000, f"{word}" * 4_000):
        for action in ("new_topic", "reply", "edit", "message"):
            sent = {"action": action, "title": word, "text": text, "topic_id": 1, "tags": [word], "lang": word}
            assert page.post("/inline/composer", sent).status_code in (200, 413)
    page.post("/inline/composer", f'{{"action": "{word}", "text": "{word}'.encode())
    page.post("/inline/topic", {"topic_id": word})
    page.post("/inline/offer", {"token": word})
    page.post("/inline/verdict", {"verdict": word, "answer": word})
    said = capfd.readouterr()

    assert word not in (said.out + said.err).lower()
    assert word not in Browser(cale.place).get("/metrics").text.lower()
    assert held(cale.place, word) == {}


def test_search_gives_each_audience_its_own(cale: Cale) -> None:
    """Search finds the team's words for the team, and the hidden words for nobody."""
    archive = cale.place.service.archive
    everybody = [archive.audience_anonymous(), archive.audience_public(), archive.audience_for(["animation"])]
    team = archive.audience_for(["pompes"])
    for audience in (*everybody, team):
        for word in SECRET:
            assert not archive.search(word, audience, per="post", mode="lexical").hits, word
            texts = [post.text for post in archive.all_posts(audience)]
            assert not any(word in text for text in texts), word
    for word in OF_TEAM:
        assert archive.search(word, team, per="post", mode="lexical").hits
        assert not any(archive.search(word, audience, mode="lexical").hits for audience in everybody)


def test_the_bot_tells_nobodys_secrets(cale: Cale) -> None:
    """Nothing the bot wrote or planned in an open topic holds a word that its readers may not see."""
    place = cale.place
    acts = place.acts(plugin="tattler")
    assert {act["category_id"] for act in acts} == {place.general, cale.team}
    for act in acts:
        spoken = f"{act['title']} {act['text']} {act['why']} {act['evidence']} {act['details']}".lower()
        forbidden = [*SECRET, *OF_TEAM] if act["category_id"] == place.general else SECRET
        assert [word for word in forbidden if word in spoken] == [], act["once"]
    spoken_openly = [
        post for post in place.bot_posts() if place.forum.topic(post["topic_id"])["category_id"] != cale.team
    ]
    assert spoken_openly
    for post in spoken_openly:
        assert not [word for word in (*SECRET, *OF_TEAM) if word in post["raw"]]


def test_replay_tells_no_canary(cale: Cale) -> None:
    """What a replay of the last days would have said holds none of the hidden words."""
    found = replay(cale.place.service, cale.place.service.registry.plugins["tattler"], days=2)

    assert found.cases
    told = repr(found.cases).lower()
    assert [word for word in (*SECRET, *OF_TEAM) if word in told] == []


def test_no_file_holds_what_was_never_public(cale: Cale) -> None:
    """Neither database, write-ahead log, indexes nor plugins' folders hold a word of what was never public."""
    words = [canary(kind, wave) for kind in NEVER_PUBLIC for wave in WAVES]

    assert held(cale.place, *words) == {}


def test_files_let_go_of_what_was_taken_back(cale: Cale) -> None:
    """Words that were public once and were taken back have left tables and indexes; unlisted ones stay unshown."""
    words = [canary(kind, wave) for kind in TAKEN_BACK if kind != "delist" for wave in WAVES]
    cale.place.service.archive.scrub()

    assert held(cale.place, *words) == {}
