"""From what a member writes to what the forum shows."""

import re

from hypothesis import given
from hypothesis import strategies as st

from connector.sandbox.cooking import Surroundings, cook, mentioned, quoted
from tests.recorded import deliveries, exchange

AROUND = Surroundings(
    member=lambda name: f"/u/{name.lower()}" if name.lower() in ("amelie", "bruno", "david", "c.duval") else None,
    room=lambda name: ("Entraide", "/c/entraide/6") if name == "entraide" else None,
)


def test_a_recorded_post_is_cooked_as_a_real_forum_cooked_it() -> None:
    """Quote, mention, code and a bare address give the recorded HTML, pictures of avatars and emoji apart."""
    one = exchange("1-life/reply_to_post").content
    real = re.sub(r'<img [^>]*class="avatar">', "", one["cooked"])
    real = re.sub(r'<img [^>]*class="emoji"[^>]*>', ":rose:", real)
    assert cook(one["raw"], AROUND) == real


def test_plain_recorded_posts_are_cooked_alike() -> None:
    """Every recorded post of plain sentences is cooked letter by letter as the real forum did it."""
    import json

    compared = 0
    for delivery in deliveries("life"):
        post = json.loads(delivery.body).get("post", {})
        if post.get("user_id", -1) > 0 and re.fullmatch(r"[\w\s,.;:!?'’—()-]+", post.get("raw") or ""):
            assert cook(post["raw"], AROUND) == post["cooked"]
            compared += 1
    assert compared > 30


def test_comments_vanish_from_what_is_shown() -> None:
    """An HTML comment, where the companion keeps its marker, is nowhere in the page."""
    assert cook("Voici la lettre.\n\n<!-- passerelle:digest-2026-W47 -->") == "<p>Voici la lettre.</p>"


def test_who_is_mentioned_and_who_is_quoted() -> None:
    """Only existing members are linked, not in code nor in quotes; quoted people are found."""
    cooked = cook(
        '[quote="bruno, post:2, topic:9"]\n@david dit\n[/quote]\n'
        "@amelie et @personne, `@bruno`, mail@amelie.fr, @c.duval.",
        AROUND,
    )
    assert mentioned(cooked) == ["amelie", "c.duval"]
    assert quoted(cooked) == ["bruno"]
    assert 'data-username="bruno" data-post="2" data-topic="9"' in cooked
    assert '<a class="hashtag-cooked" href="/c/entraide/6" data-slug="entraide"><span>Entraide</span></a>' in cook(
        "#entraide", AROUND
    )


def test_signed_links_can_be_clicked() -> None:
    """A long signed address in a message becomes a link with every letter of it, the full stop after it left out."""
    address = "http://127.0.0.1:8000/f/eyJhIjoxfQ.abc-DEF_123?v=useful&l=fr"
    safe = address.replace("&", "&amp;")
    assert cook(f"Utile ? {address}.") == f'<p>Utile ? <a href="{safe}" rel="noopener nofollow ugc">{safe}</a>.</p>'
    assert f'href="{safe}"' in cook(f"[utile]({address})")


HOSTILE = (
    "<script>alert(1)</script>", '<img src=x onerror="alert(1)">', "[x](javascript:alert(1))",
    '<a href="javascript:alert(1)">x</a>',
    '<iframe src="http://evil"></iframe>', '[quote="x\\" onmouseover=\\"alert(1), post:1"]\nx\n[/quote]',
    "<style>*{}</style>",
    '"><svg onload=alert(1)>', "@amelie\"onclick=alert(1)", 'http://x.fr/"onmouseover="alert(1)',
)  # fmt: skip


@given(
    st.lists(
        st.sampled_from([*HOSTILE, "[quote]", "[/quote]", "```", "texte", "`", "**", "<!--", "-->", "\n"]), max_size=8
    )
)
def test_nothing_hostile_comes_through(pieces: list[str]) -> None:
    """Whatever is written, no script, no handler and no javascript: address is in the page."""
    cooked = cook("\n".join(pieces), AROUND)
    for tag in re.findall(r"<[a-zA-Z][^<>]*>", cooked):
        assert not re.match(r"<(script|iframe|style|svg|object|form)\b", tag, re.IGNORECASE), tag
        names = re.sub(r'"[^"]*"', '""', tag)
        assert not re.search(r"\bon\w+\s*=", names), tag
        assert "javascript:" not in tag.lower(), tag
