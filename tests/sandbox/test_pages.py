"""The forum's pages, used as a browser would."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from connector.sandbox import words
from tests.sandbox.conftest import QUESTION, Place, live


@pytest.fixture
def browser() -> Iterator[requests.Session]:
    """A browser that prefers French."""
    with requests.Session() as made:
        made.headers.update({"Accept": "text/html", "Accept-Language": "fr"})
        yield made


def enter(place: Place, browser: requests.Session, name: str) -> None:
    answer = browser.post(place.url + "/login", data={"username": name, "to": "/"}, timeout=5)
    assert answer.url == place.url + "/"


def test_a_member_asks_and_is_answered(place: Place, browser: requests.Session) -> None:
    """Log in, write a topic, reply, quote, like, edit and delete, all by forms; the others see it."""
    enter(place, browser, "amelie")
    form = {
        "title": "Un sujet écrit sur la page",
        "raw": "Le texte du sujet, écrit @bruno.",
        "category": str(place.rooms["open"]),
    }
    shown = browser.post(place.url + "/new-topic", data=form, timeout=5)
    topic = int(place.forum.board.store.value("SELECT max(id) FROM topics"))
    assert shown.url == f"{place.url}/t/un-sujet-ecrit-sur-la-page/{topic}/1#post_1"
    assert '<a class="mention" href="/u/bruno">@bruno</a>' in shown.text
    browser.get(place.url + "/", timeout=5)
    enter(place, browser, "bruno")
    quote = browser.get(f"{place.url}/t/x/{topic}?quote=1", timeout=5).text
    assert f"[quote=&#34;amelie, post:1, topic:{topic}&#34;]" in quote
    browser.post(f"{place.url}/t/{topic}/reply", data={"raw": "Une réponse écrite sur la page.", "to": "1"}, timeout=5)
    first, second = place.forum.posts(topic)
    assert (second["raw"], second["reply_to_post_number"]) == ("Une réponse écrite sur la page.", 1)
    browser.post(f"{place.url}/p/{first['id']}/like", timeout=5)
    assert place.forum.posts(topic)[0]["like_count"] == 1
    browser.post(f"{place.url}/p/{second['id']}/edit", data={"raw": "Une réponse corrigée sur la page."}, timeout=5)
    assert place.forum.posts(topic)[1]["raw"] == "Une réponse corrigée sur la page."
    browser.post(f"{place.url}/p/{second['id']}/delete", timeout=5)
    assert place.forum.posts(topic)[1]["user_deleted"] == 1


def test_a_refused_text_is_kept(place: Place, browser: requests.Session) -> None:
    """What the forum refuses is said in the member's language, and the text is still in the box."""
    enter(place, browser, "amelie")
    shown = browser.post(
        place.url + "/new-topic", data={"title": "Bref", "raw": "court & <b>", "category": ""}, timeout=5
    )
    assert shown.status_code == 422
    assert "Titre est trop court" in shown.text
    assert "court &amp; &lt;b&gt;</textarea>" in shown.text
    assert 'value="Bref"' in shown.text


def test_messages_are_for_those_in_them(place: Place, browser: requests.Session) -> None:
    """A message by form arrives in the inbox of its recipient; others get 404, and links in it can be clicked."""
    enter(place, browser, "bruno")
    link = "http://127.0.0.1:8000/f/abc.def?v=useful"
    browser.post(
        place.url + "/new-message",
        data={"to": "chloe", "title": "Un mot", "raw": f"Bonjour, était-ce utile ? {link}"},
        timeout=5,
    )
    topic = place.forum.as_member("chloe").inbox()[0]["id"]
    enter(place, browser, "chloe")
    assert "Un mot" in browser.get(place.url + "/my/messages", timeout=5).text
    assert f'<a href="{link}"' in browser.get(f"{place.url}/t/{topic}", timeout=5).text
    enter(place, browser, "david")
    assert browser.get(f"{place.url}/t/{topic}", timeout=5).status_code == 404


def test_pages_show_only_what_the_reader_may_see(place: Place, browser: requests.Session) -> None:
    """The restricted room and private messages are on no page of who may not open them."""
    live(place)
    topics = [row["id"] for row in place.forum.board.store.all("SELECT id FROM topics")]
    paths = ["/", "/?show=new", "/?show=unanswered", "/search?q=CANARI", "/search?q=budget", "/u/amelie", "/login"]
    paths += [f"/t/{number}" for number in topics] + [f"/c/x/{room}" for room in place.rooms.values()]
    for name in (None, "david"):
        if name:
            enter(place, browser, name)
        seen = "".join(browser.get(place.url + path, timeout=5).text.replace("« CANARI »", "") for path in paths)
        assert "CANARI-" not in seen
        assert "secrète" not in seen
        assert QUESTION.split("?")[0] in seen
    enter(place, browser, "amelie")
    assert "Équipe secrète" in browser.get(place.url + "/", timeout=5).text


def test_both_languages_have_every_word() -> None:
    """Every sentence exists in French and in English, with the same places to fill in, and templates use no other."""
    french, english = words._words("fr"), words._words("en")
    assert set(french) == set(english)
    for name, text in english.items():
        assert set(re.findall(r"{(\w+)}", text)) == set(re.findall(r"{(\w+)}", french[name])), name
    folder = Path(words.__file__).parent
    used = {
        name
        for file in folder.glob("templates/*.html")
        for name in re.findall(r"t\('(\w+)'", file.read_text(encoding="utf-8"))
    }
    assert used <= set(english)


def test_a_page_speaks_the_reader_s_language(place: Place, browser: requests.Session) -> None:
    """Anonymous readers get the browser's language, members their own."""
    assert '<html lang="fr">' in browser.get(place.url + "/", timeout=5).text
    assert (
        '<html lang="en">'
        in requests.get(place.url + "/", headers={"Accept": "text/html", "Accept-Language": "en"}, timeout=5).text
    )
    enter(place, browser, "bruno")
    assert '<html lang="en">' in browser.get(place.url + "/", timeout=5).text


def test_the_login_leads_nowhere_else(place: Place, browser: requests.Session) -> None:
    """After the login one stays in the forum, whatever address the form names."""
    for target in ("http://evil.example/", "//evil.example/", "javascript:alert(1)"):
        answer = browser.post(
            place.url + "/login", data={"username": "bruno", "to": target}, allow_redirects=False, timeout=5
        )
        assert answer.headers["Location"].startswith("/")
        assert "evil" not in answer.headers["Location"]


def test_a_form_of_another_site_changes_nothing(place: Place, browser: requests.Session) -> None:
    """A form posted from another origin with the member's cookie is refused."""
    live(place)
    enter(place, browser, "bruno")
    topic = place.forum.board.store.value("SELECT id FROM topics WHERE title = ?", QUESTION)
    before = place.forum.state()
    answer = browser.post(
        f"{place.url}/t/{topic}/reply",
        data={"raw": "Une réponse que personne n'a voulue."},
        headers={"Origin": "http://evil.example"},
        timeout=5,
    )
    assert answer.status_code == 403
    assert place.forum.state() == before


def test_an_empty_forum_says_so(place: Place, browser: requests.Session) -> None:
    """With nothing in it, the list invites to write instead of showing an empty table."""
    shown = browser.get(place.url + "/", timeout=5)
    assert shown.status_code == 200
    assert "Rien ici pour l&#39;instant" in shown.text


def test_help_beside_texts_only_where_the_forum_is_told_of_it(place: Place, browser: requests.Session) -> None:
    """No service: no element, no script. With one: in topics and composers, but never where a message is written."""
    live(place)
    topic = place.forum.board.store.value("SELECT min(id) FROM topics WHERE archetype = 'regular'")
    enter(place, browser, "bruno")
    addresses = [f"/t/{topic}", "/new-topic", "/new-message"]
    for address in addresses:
        page = browser.get(place.url + address, timeout=5).text
        assert "passerelle-" not in page
        assert "<script" not in page
    place.forum.set(theme_service_url="https://passerelle.example")
    reading, writing, message = (browser.get(place.url + address, timeout=5).text for address in addresses)
    number = place.forum.as_member("bruno").id
    told = f'data-service="https://passerelle.example" data-user="{number}"'
    assert f"<passerelle-topic {told}" in reading
    assert f"<passerelle-composer {told}" in reading
    assert f"<passerelle-composer {told}" in writing
    assert "<passerelle-" not in message
    anonymous = requests.get(f"{place.url}/t/{topic}", headers={"Accept": "text/html"}, timeout=5).text
    assert 'data-user=""' in anonymous
