"""The invented community on the bench, for questions whose experts a human has named."""

from datetime import datetime

from connector.records import StoredTopic
from connector.sandbox.community import CommunityTopic, StoryQuestion, load_community
from plugins.expert_finder import plugin
from plugins.testing import Bench


class Invented:
    """The whole history of the invented forum up to a moment, and its members by username."""

    def __init__(self, until: datetime | None = None) -> None:
        self.community = load_community()
        self.bench = Bench(plugin, now=until or self.community.now, lang="fr", zone="Europe/Paris")
        self.ids: dict[str, int] = {}
        self.topics: dict[str, StoredTopic] = {}
        self.rooms = {
            one.key: self.bench.add_category(
                one.name, groups=tuple(one.group_permissions) if one.read_restricted else ()
            )
            for one in self.community.categories
        }
        for member in self.community.members:
            added = self.bench.add_member(member.username, name=member.name, lang=member.locale, groups=member.groups)
            self.ids[member.username] = added.id
        self.names = {number: name for name, number in self.ids.items()}
        for topic in self.community.topics:
            if topic.visible and topic.created_at <= self.bench.now:
                self._add(topic)

    def _add(self, topic: CommunityTopic) -> None:
        first, *others = topic.posts
        added = self.bench.add_topic(
            self.ids[topic.author], topic.title, first.raw, category=self.rooms[topic.category],
            at=topic.created_at, tags=topic.tags,
        )  # fmt: skip
        self.topics[topic.key] = added
        for post in others:
            if not post.deleted and not post.hidden and post.created_at <= self.bench.now:
                self.bench.add_post(added, self.ids[post.author], post.raw, at=post.created_at)

    def ask(self, question: StoryQuestion) -> StoredTopic:
        """One of the story's questions is asked, in its minute."""
        self.bench.now = max(self.bench.now, question.at)
        return self.bench.add_topic(
            self.ids[question.author], question.title, question.raw, category=self.rooms[question.category]
        )

    def named(self, topic: StoredTopic) -> list[str]:
        """Usernames of those named for a topic, in their order; none where nothing was said."""
        acts = [act for act in self.bench.acts if act.once == f"names:{topic.id}"]
        return [self.names[member] for act in acts for member in act.about]
