"""The invented community is what the demo promises: big enough, lively, bilingual, and its experts can be found."""

import re
import shutil
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import py3langid
import pytest

from connector.sandbox.community import (
    Community,
    CommunityError,
    CommunityPost,
    CommunityTopic,
    load_community,
    loader,
    topic_documents,
)

PARIS = ZoneInfo("Europe/Paris")


@pytest.fixture(scope="module")
def community() -> Community:
    """The community as shipped."""
    return load_community()


def helped(community: Community, username: str) -> list[CommunityTopic]:
    """The questions in which this member really helped."""
    return [
        topic
        for topic in community.topics
        if topic.question and any(post.author == username and post.helps for post in topic.posts)
    ]


def written_by(community: Community, username: str) -> list[CommunityPost]:
    """All posts of one member."""
    return [post for post in community.posts if post.author == username]


def test_it_is_big_enough(community: Community) -> None:
    """At least 80 topics, 600 posts and 45 members, who all wrote something, from four towns and two partners."""
    assert len(community.topics) >= 80
    assert len(community.posts) >= 600
    assert len(community.members) >= 45
    assert {member.username for member in community.members} == {post.author for post in community.posts}
    sites = Counter(member.site for member in community.members)
    assert sites.keys() == {"Saint-Nazaire", "Grenoble", "Casablanca", "Manchester", "Partenaire"}
    assert min(sites.values()) >= 2


def test_it_spans_fourteen_months_and_stops_before_the_story(community: Community) -> None:
    """The history runs from September 2025 to the week before Monday 23 November 2026, 8:00 in Paris."""
    times = [post.created_at for post in community.posts]
    assert community.now == datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
    assert min(times) < datetime(2025, 9, 23, tzinfo=UTC)
    assert community.now - timedelta(days=4) < max(times) < community.now


def test_ids_and_times_run_together(community: Community) -> None:
    """A later post has a higher id; posts of a topic are numbered from 1 without a gap and in order of time."""
    times = [post.created_at for post in community.posts]
    assert times == sorted(times)
    assert [topic.id for topic in community.topics] == sorted({topic.id for topic in community.topics})
    for topic in community.topics:
        assert [post.number for post in topic.posts] == list(range(1, len(topic.posts) + 1))
        assert all(post.topic_id == topic.id for post in topic.posts)
        assert [post.id for post in topic.posts] == sorted(post.id for post in topic.posts)
    assert load_community() == community


def test_no_two_posts_are_the_same(community: Community) -> None:
    """Every post was written: no two visible posts share their text, and no opening sentence is a stencil."""
    texts = Counter(" ".join(post.raw.lower().split()) for post in community.posts if not post.deleted)
    assert not [text for text, count in texts.items() if count > 1]
    openings = Counter(" ".join(text.split()[:6]) for text in texts if len(text.split()) > 8)
    assert max(openings.values()) <= 3


def test_posts_vary_in_length(community: Community) -> None:
    """One-liners stand beside long answers."""
    lengths = [len(post.raw.split()) for post in community.posts]
    assert sum(length <= 8 for length in lengths) >= 60
    assert sum(length >= 80 for length in lengths) >= 15
    assert max(lengths) <= 260


def test_it_speaks_french_and_english(community: Community) -> None:
    """About 70 % French, 30 % English over posts long enough to tell, and some topics mix both."""
    py3langid.set_languages(["fr", "en"])
    spoken = {
        post.id: py3langid.classify(re.sub(r"```.*?```|\[quote.*?\[/quote\]", "", post.raw, flags=re.DOTALL))[0]
        for post in community.posts
        if len(post.raw.split()) >= 6
    }
    share = Counter(spoken.values())["en"] / len(spoken)
    assert 0.20 <= share <= 0.35
    mixed = [t for t in community.topics if {spoken[p.id] for p in t.posts if p.id in spoken} == {"fr", "en"}]
    assert len(mixed) >= 15


def test_a_third_of_the_questions_wait(community: Community) -> None:
    """20 to 45 % of the questions never got help, at least a sixth no reply at all; many accepted an answer."""
    questions = [topic for topic in community.topics if topic.question]
    waiting = [topic for topic in questions if not topic.answered]
    assert len(questions) >= 60
    assert 0.20 <= len(waiting) / len(questions) <= 0.45
    silent = [topic for topic in questions if {post.author for post in topic.posts} == {topic.author}]
    assert 1 / 6 <= len(silent) / len(questions) <= 0.35
    assert sum(topic.accepted is not None for topic in questions) >= 30
    assert all(topic.posts[topic.accepted - 1].helps for topic in questions if topic.accepted)


def test_august_is_hollow_and_bridges_are_quiet(community: Community) -> None:
    """August 2026 has less than half the posts of July or September; on French holidays almost nobody writes."""
    months = Counter(post.created_at.astimezone(PARIS).strftime("%Y-%m") for post in community.posts)
    assert months["2026-08"] < 0.5 * min(months["2026-07"], months["2026-09"])
    days = Counter(post.created_at.astimezone(PARIS).strftime("%m-%d") for post in community.posts)
    assert sum(days[day] for day in ("05-01", "05-08", "05-14", "05-15", "07-14", "12-25", "11-11")) <= 2
    assert not [post for post in community.posts if post.created_at.astimezone(PARIS).weekday() >= 5]


def test_the_popular_member_never_answers(community: Community) -> None:
    """Fabrice is among the three most liked and answered no question at all: being heard is not knowing."""
    likes: Counter[str] = Counter()
    for post in community.posts:
        likes[post.author] += len(post.liked_by)
    assert "fabrice.lemoine" in dict(likes.most_common(3))
    assert len(written_by(community, "fabrice.lemoine")) >= 25
    assert helped(community, "fabrice.lemoine") == []


def test_the_sole_expert_is_alone(community: Community) -> None:
    """Every answer about hydraulics comes from Gérard, who says that he leaves on 31 December."""
    topics = [t for t in community.topics if t.question and t.answered and "hydraulique" in t.tags]
    helpers = {post.author for topic in topics for post in topic.posts if post.helps}
    assert len(topics) >= 5
    assert helpers == {"gerard.moreau"}
    assert "31 décembre" in community.by_topic_key["gerard-annonce"].posts[0].raw


def test_the_quiet_apprentice_answers_well(community: Community) -> None:
    """Lina posts little, yet each of her answers was accepted and liked, all about machine vision."""
    mine = written_by(community, "lina.ferrand")
    topics = helped(community, "lina.ferrand")
    assert len(mine) <= 10
    assert len(topics) >= 4
    for topic in topics:
        assert topic.accepted
        accepted = topic.posts[topic.accepted - 1]
        assert accepted.author == "lina.ferrand"
        assert len(accepted.liked_by) >= 1
        assert "vision" in topic.tags


def test_the_overloaded_expert_carries_most(community: Community) -> None:
    """Yann helped in more questions than anybody else, half as many again as the next."""
    counts = Counter({m.username: len(helped(community, m.username)) for m in community.members})
    (first, most), (_, second) = counts.most_common(2)
    assert first == "yann.legoff"
    assert most >= 1.5 * second


@pytest.mark.parametrize(
    ("tags", "experts"),
    [
        ({"soudage"}, {"bruno.pichon", "denis.kerbrat", "aicha.elamrani"}),
        ({"excel", "powerquery", "powerbi"}, {"julien.marchand", "priya.nair", "salma.idrissi"}),
        ({"metrologie"}, {"isabelle.roche", "tom.whitfield"}),
        ({"capteurs", "automatisme", "cem"}, {"dave.ogden", "matthieu.garnier", "erwan.morvan"}),
        ({"impression3d", "cao"}, {"camille.perrin", "leo.sanchez", "owen.pryce"}),
        ({"securite", "consignation"}, {"sandrine.leroux", "youssef.alaoui", "joanne.clarke"}),
        ({"rh", "conges", "rtt"}, {"florence.guerin", "nadege.tessier"}),
        ({"vision"}, {"thomas.vasseur", "lina.ferrand"}),
        ({"gammes", "nomenclatures"}, {"yann.legoff"}),
    ],
)
def test_each_subject_has_its_helpers(community: Community, tags: set[str], experts: set[str]) -> None:
    """In each clear subject the people whom a reader would name answered most, each at least twice."""
    topics = [topic for topic in community.topics if topic.question and tags & set(topic.tags)]
    counts = Counter(author for topic in topics for author in {post.author for post in topic.posts if post.helps})
    for expert in experts:
        assert counts[expert] >= 2, (expert, counts)
    assert {author for author, _ in counts.most_common(len(experts))} == experts, counts


def test_a_duplicate_was_asked_months_apart(community: Community) -> None:
    """Two questions were asked again months later; the second time somebody linked to the first."""
    for first, again in (("excel-dates-us", "dates-encore"), ("consignation-vannes", "lockout-quarter-turn")):
        before, after = community.by_topic_key[first], community.by_topic_key[again]
        assert after.created_at - before.created_at > timedelta(days=60)
        assert any(f"{before.path})" in post.raw or f"{before.path}/" in post.raw for post in after.posts)


def test_the_special_posts_are_there(community: Community) -> None:
    """A hidden post, a deleted one, a closed topic, an unlisted one; code, quotes, links and mentions."""
    assert sum(post.hidden for post in community.posts) == 1
    assert sum(post.deleted for post in community.posts) == 1
    assert [topic.key for topic in community.topics if topic.closed] == ["caps4-mauvaise-date"]
    assert sum(not topic.visible for topic in community.topics) == 1
    raws = [post.raw for post in community.posts]
    assert sum("```" in raw for raw in raws) >= 6
    assert sum("[quote=" in raw for raw in raws) >= 3
    assert sum("](/t/" in raw for raw in raws) >= 5
    assert sum("```vba" in raw or "```sql" in raw or "```python" in raw for raw in raws) >= 4
    assert any("vu en mp" in raw.lower() for raw in raws)
    assert any(" cdt" in raw for raw in raws)


def test_links_lead_to_earlier_topics(community: Community) -> None:
    """Every link inside the forum leads to a topic that existed when it was written."""
    topics = {topic.id: topic for topic in community.topics}
    for post in community.posts:
        for slug, number in re.findall(r"\]\(/t/([a-z0-9-]+)/(\d+)", post.raw):
            assert topics[int(number)].slug == slug
            assert topics[int(number)].created_at < post.created_at


def test_rooms_keep_their_doors(community: Community) -> None:
    """The team space and the partners' room are restricted; partners wrote in no other restricted room."""
    restricted = {category.key for category in community.categories if category.read_restricted}
    assert restricted == {"maintenance", "partenaires"}
    names = [category.name for category in community.categories]
    assert names[:6] == ["Le comptoir", "Entraide méthodes", "Outils & SI", "REX", "Idées", "Fusion"]
    partners = {member.username for member in community.members if "partenaires" in member.groups}
    for topic in community.topics:
        if topic.category == "maintenance":
            assert not partners & {post.author for post in topic.posts}
    assert {topic.category for topic in community.topics} == {category.key for category in community.categories}


def test_the_story_is_not_yet_told(community: Community) -> None:
    """The six questions of the demo lie after the history and name members whom the history shows as helpers."""
    titles = {topic.title for topic in community.topics}
    assert len(community.story) == 6
    for question in community.story:
        assert question.at > community.now
        assert question.title not in titles
        assert question.author not in question.experts
        for expert in question.experts:
            assert len(helped(community, expert)) >= 2
    assert community.story[0].at.astimezone(PARIS).strftime("%A %H:%M") == "Monday 08:40"
    assert {question.kind for question in community.story} == {"question", "criticism"}
    assert {question.language for question in community.story} == {"fr", "en"}


def test_it_can_be_exported_as_topic_documents(community: Community) -> None:
    """Each topic becomes a document like ``/t/{id}.json``, without the deleted post, with cooked quotes."""
    documents = list(topic_documents(community))
    assert len(documents) == len(community.topics)
    posts = [post for document in documents for post in document["post_stream"]["posts"]]
    assert len(posts) == sum(not post.deleted for post in community.posts)
    assert sum('<aside class="quote' in post["cooked"] for post in posts) >= 3
    assert all(post["cooked"].startswith("<") for post in posts)


@pytest.mark.parametrize(
    ("name", "old", "new", "told"),
    [
        (
            "threads/2025-09.md",
            "@ fabrice 09-22 09:21",
            "@ personne 09-22 09:21",
            r"2025-09\.md:\d+: nobody .*personne",
        ),
        ("threads/2025-09.md", "@ fabrice 09-22 09:21", "@ fabrice 09-22 08:00", r"2025-09\.md:\d+: earlier than"),
        ("threads/2025-09.md", "@ fabrice 09-22 09:21", "@ fabrice 09-31 09:21", r"2025-09\.md:\d+: no such day"),
        ("threads/2025-09.md", "@ fabrice 09-22 09:21", "@ fabrice, 09:21", r"2025-09\.md:\d+: expected '@ member"),
        ("threads/2025-09.md", "re:7", "re:12", r"2025-09\.md:\d+: re:12"),
        ("threads/2025-09.md", ">> 3: Les tôles", ">> 3: Les poutres", r"2025-09\.md:\d+: the words quoted"),
        ("threads/2025-09.md", "| comptoir |", "| buvette |", r"2025-09\.md:\d+: no room is called 'buvette'"),
        (
            "threads/2026-10.md",
            "{{consignation-vannes}}",
            "{{rien}}",
            r"2026-10\.md:\d+: no discussion .*'rien'",
        ),
        ("threads/2025-10.md", "@gerard.moreau", "@gerard.martin", r"2025-10\.md:\d+: @gerard.martin mentions nobody"),
        ("members.toml", 'site = "Grenoble"', 'site = "Grenade"', r"members\.toml: \[\w+\] site 'Grenade'"),
        ("members.toml", "trust = 4", "confiance = 4", r"members\.toml: \[solene\] .*'confiance'"),
        ("groups.toml", "[rh]", "[hr]", r"members\.toml: \[florence\] names the group 'rh'"),
        ("story.toml", 'author = "lucas"', 'author = "luc"', r"story\.toml: lundi-8h40: nobody .*'luc'"),
        ("story.toml", 'category = "fusion"', 'category = "buvette"', r"story\.toml: critique-inventaire: no room"),
        ("categories.toml", 'key = "rex"', 'cle = "rex"', r"categories\.toml: .*'key'"),
        ("categories.toml", "[[category]]", "[[category]", r"categories\.toml: .*line"),
    ],
)
def test_a_slip_in_a_source_file_is_named(tmp_path: Path, name: str, old: str, new: str, told: str) -> None:
    """Whoever edits the community and slips is told the file, the line or entry, and what is wrong."""
    folder = tmp_path / "community"
    shutil.copytree(loader.HERE, folder, ignore=shutil.ignore_patterns("__pycache__", "*.py"))
    text = (folder / name).read_text("utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(CommunityError, match=told):
        load_community(folder)
