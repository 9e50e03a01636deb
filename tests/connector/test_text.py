"""Of a post's HTML, the author's own words are told apart from everything else, whatever the HTML."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.text import LONGEST_TEXT, Quote, TopicLink, own_words, topic_link
from tests.recorded import SITE
from tests.recorded.forum import recorded_forum

TAGS = ["p", "b", "aside class=quote", "blockquote", "pre", "code", "table", "td", "a href=/t/1", "li", "div", "img"]


def test_a_recorded_post_with_everything_in_it_is_taken_apart() -> None:
    """Quote, mention, emoji, code and preview of the recorded split topic each land in their own place."""
    topic = recorded_forum().topic(28)
    assert topic is not None
    words = own_words(topic.posts[0].cooked, SITE)

    assert words.text == "Oui, et pense à @amelie qui en a vingt. :rose:"
    assert words.quotes == (Quote("Taille-le plutôt à la fin de l’hiver", "bruno", 21, 2),)
    assert words.code == ('print("code")',)
    assert words.oneboxes == ("https://www.example.com/",)
    assert words.links == ("https://www.example.com/",)
    assert words.mentions == ("amelie",)


def test_inline_code_stays_in_its_sentence() -> None:
    """A word in backquotes is part of what was said; a block of code is not."""
    words = own_words("<p>Le <code>sécateur</code> propre</p><pre><code>x = 1\ny = 2</code></pre><p>Voilà</p>")

    assert words.text == "Le sécateur propre\nVoilà"
    assert words.code == ("x = 1\ny = 2",)


def test_paragraphs_lists_and_tables_keep_their_lines() -> None:
    """Words of neighbouring paragraphs, items and cells never run into each other."""
    listed = "<p>Un<br>deux</p><ul><li>trois</li><li>quatre <b>cinq</b></li></ul>"
    cooked = listed + "<table><tr><td>six</td><td>sept</td></tr></table>huit"

    assert own_words(cooked).text.split() == ["Un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit"]
    assert "quatre cinq" in own_words(cooked).text


def test_links_to_topics_of_this_forum_are_known() -> None:
    """Relative links, full ones and those without a scheme lead to topics of this forum; other forums' do not."""
    cooked = (
        '<p><a href="/t/tailler/21/4">a</a> <a href="//forum.localhost/t/21">b</a>'
        ' <a href="http://forum.localhost/t/tailler/22?u=bruno#x">c</a> <a href="https://other.example/t/x/23">d</a>'
        ' <a href="/u/bruno">e</a> <a href="javascript:alert(1)">f</a> <a href="mailto:a@b.c">g</a></p>'
    )
    words = own_words(cooked, SITE)

    assert words.topic_links == (TopicLink(21, 4), TopicLink(21), TopicLink(22))
    assert all(one.startswith(("http://", "https://")) for one in words.links)
    assert "https://other.example/t/x/23" in words.links


@pytest.mark.parametrize(
    ("address", "site", "found"),
    [
        ("/t/12", None, TopicLink(12)),
        ("/t/12/3", None, TopicLink(12, 3)),
        ("/t/a-b/12/3", None, TopicLink(12, 3)),
        ("https://x.org/forum/t/a/12", "https://x.org/forum", TopicLink(12)),
        ("https://x.org/t/a/12", "https://x.org/forum", None),
        ("https://y.org/t/a/12", "https://x.org", None),
        ("/t/a/12.json", None, None),
        ("/t/a", None, None),
        ("/c/t/12", None, None),
        ("http://[", "https://x.org", None),
    ],
)
def test_an_address_of_a_topic_is_told_from_others(address: str, site: str | None, found: TopicLink | None) -> None:
    """Only what is certainly a topic of this forum counts as one."""
    assert topic_link(address, site) == found


def test_previews_and_chrome_are_no_words_of_the_author() -> None:
    """Titles of previewed pages, names of files, counters of polls and videos are not what the author said."""
    cooked = (
        '<p>Voir ici</p><aside class="onebox allowlistedgeneric" data-onebox-src="https://a.example/x"><header>'
        '<a href="https://a.example/x">site</a></header><article>Leur titre</article></aside>'
        '<div class="lightbox-wrapper"><a class="lightbox" href="/i.png"><img alt="courbe"><div class="meta">i.png 1 Mo'
        '</div></a></div><p><a href="https://b.example" class="inline-onebox">Titre de B</a></p>'
        '<div class="lazyYT" data-x="1"><a href="https://v.example/1">vidéo</a></div><script>alert(1)</script>'
        '<div class="poll"><ul><li>Lundi</li></ul><div class="poll-info">3 voters</div></div>'
    )
    words = own_words(cooked)

    assert words.text == "Voir ici\nLundi"
    assert words.oneboxes == ("https://a.example/x", "https://b.example", "https://v.example/1")


def test_a_quote_of_mail_is_a_quote_of_nobody_known() -> None:
    """A Markdown quote has words and no author."""
    words = own_words("<blockquote><p>Bonjour,</p></blockquote><p>Merci !</p>")

    assert words.quotes == (Quote("Bonjour,"),)
    assert words.text == "Merci !"


def test_groups_are_mentioned_apart_from_people() -> None:
    """A mention of a group is no mention of a person."""
    words = own_words('<p><a class="mention" href="/u/lea">@lea</a> <a class="mention-group notify">@equipe</a></p>')

    assert (words.mentions, words.group_mentions) == (("lea",), ("equipe",))
    assert words.text == "@lea @equipe"


def test_plain_text_is_itself() -> None:
    """Text without any HTML passes unchanged, with single spaces."""
    assert own_words("  deux   mots\u00a0ici ").text == "deux mots ici"
    assert own_words("").text == ""


@pytest.mark.parametrize(
    "cooked",
    [
        "<div>" * 100_000 + "x",
        "<b>" * 300_000,
        "<blockquote>" * 100_000,
        '<aside class="quote">' * 50_000,
        "<div></b>" * 60_000,
        "<table>" * 50_000,
        "<" * 1_000_000,
        "&" * 1_000_000,
        "<a " + "x=1 " * 200_000 + ">y",
        "<p>a</p>" * 120_000,
        (" \n" * 500_000) + "<p>",
        '<a href="' + "/t/" * 300_000 + '1">x</a>',
        "<p>" + "é" * 1_000_000,
    ],
    ids=lambda html: html[:12],
)
def test_hostile_posts_take_no_time(cooked: str) -> None:
    """No post, however it is built, holds a worker: a few seconds at the very worst, and a bounded text."""
    started = time.process_time()
    words = own_words(cooked, SITE)

    assert time.process_time() - started < 5
    assert len(words.text) <= LONGEST_TEXT


@given(st.lists(st.one_of(st.sampled_from([f"<{tag}>" for tag in TAGS]), st.text(max_size=8)), max_size=60))
def test_whatever_the_html_there_are_words(parts: list[str]) -> None:
    """Broken, unclosed and odd HTML gives text without NUL, without doubled space, never an error."""
    words = own_words("".join(parts), SITE)

    assert "\x00" not in words.text
    assert "  " not in words.text
    assert words.text == words.text.strip()


@given(st.text(alphabet=st.characters(categories=["L", "N"]), min_size=1, max_size=30))
def test_what_somebody_else_said_is_never_the_author_s(secret: str) -> None:
    """Words inside a quote are in the quote and nowhere in the author's text."""
    words = own_words(f'<aside class="quote" data-username="b"><blockquote>{secret}</blockquote></aside><p>-</p>', SITE)

    assert words.text == "-"
    assert words.quotes[0].text == " ".join(secret.split())
