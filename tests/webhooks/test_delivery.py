"""Acts on their way into the forum: modes, once, markers, and what happens when an answer is lost."""

from pathlib import Path

from tests.webhooks.place import Place
from tests.webhooks.plugin_samples import greeter


def test_a_reply_is_posted_once_with_its_marker(tmp_path: Path, database_url: str) -> None:
    """In act mode what a plugin asks for stands in the forum, once, however often the event is told."""
    with Place(tmp_path, database_url, (greeter(),)) as place:
        place.let("greeter")
        topic = place.ask()
        place.settle()
        place.settle()

        posts = [post for post in place.forum.posts(topic) if "Welcome here" in post["raw"]]
        assert [post["post_number"] for post in posts] == [2]
        [act] = place.acts(plugin="greeter")
        assert (act["state"], act["post_id"]) == ("sent", posts[0]["id"])
        assert f"<!-- passerelle:{act['marker']} -->" in posts[0]["raw"]
        assert "passerelle:" not in posts[0]["cooked"]
