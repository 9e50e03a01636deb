"""The example's own tests: everything a third party needs is `Bench` and `check_plugin`."""

from thanks_reminder import plugin

from plugins.testing import Bench, check_plugin


def test_it_keeps_to_the_contract() -> None:
    """The checks that every plugin gets for free."""
    assert check_plugin(plugin) == []


def test_a_first_help_is_told_once() -> None:
    """The group hears of a member's first reply to somebody else, and only of the first."""
    bench = Bench(plugin, mode="propose")
    bench.run_twice()
    lea, omar = bench.add_member("lea"), bench.add_member("omar", name="Omar *B*")
    topic = bench.add_topic(lea, "Merged cells", "How do I merge cells without losing text?")
    for text in ("Join them with a formula first.", "And keep a copy."):
        bench.dispatch("post_created", bench.add_post(topic, omar, text))
        bench.pass_time(hours=1)

    (told,) = bench.acts
    assert (told.verb, told.state, told.details["group"]) == ("message_group", "proposed", "moderators")
    assert told.title == "Omar *B* helped for the first time"
    assert r"Omar \*B\*" in told.text
    assert [(one.topic_id, one.post_number) for one in told.evidence] == [(topic.id, 2)]


def test_replying_to_oneself_is_no_help() -> None:
    """Whoever adds to a topic of his own has not helped anybody yet."""
    bench = Bench(plugin)
    lea = bench.add_member("lea")
    topic = bench.add_topic(lea, "Merged cells", "How do I merge cells?")
    bench.dispatch("post_created", bench.add_post(topic, lea, "Found it."))
    assert bench.acts == []


def test_a_restricted_room_stays_between_its_walls() -> None:
    """A first help in a room that not everybody may read is told to nobody outside."""
    bench = Bench(plugin)
    lea, omar = bench.add_member("lea"), bench.add_member("omar")
    team = bench.add_category("Team", groups=["team"])
    topic = bench.add_topic(lea, "Our budget", "Who knows?", category=team)
    bench.dispatch("post_created", bench.add_post(topic, omar, "I do."))
    assert bench.acts == []


def test_it_speaks_french_too() -> None:
    """The group is written to in the site's language."""
    bench = Bench(plugin, lang="fr")
    lea, omar = bench.add_member("lea"), bench.add_member("omar")
    topic = bench.add_topic(lea, "Cellules fusionnées", "Comment fusionner sans rien perdre ?")
    bench.dispatch("post_created", bench.add_post(topic, omar, "Avec une formule."))
    assert bench.acts[0].title == "omar a aidé quelqu'un pour la première fois"
