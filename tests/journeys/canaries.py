"""Sentences that may not be seen everywhere: each hidden place of a forum has its own canary."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from tests.webhooks.conftest import MONDAY
from tests.webhooks.place import Place

NEVER_PUBLIC = ("direction", "message", "chuchot")
"""These were never to be seen by an ordinary member: nothing of them may ever reach a file of ours."""
TAKEN_BACK = ("masque", "delist", "efface", "deplace", "converti", "referme")
"""These were public once, and are not any more."""
TEAM = "equipe"


def canary(kind: str, wave: str) -> str:
    """One word that stands nowhere else, made of letters only so that every index takes it for a word."""
    return f"zq{kind}{wave}qz"


def sentence(kind: str, wave: str) -> str:
    return f"Le mot de passe de la cale est {canary(kind, wave)}, merci de garder ça entre nous cette semaine."


@dataclass
class Cale:
    """A forum with hidden places; `open` and `take_back` play one wave of posts through them."""

    place: Place
    topics: dict[str, int] = field(default_factory=dict)
    posts: dict[str, int] = field(default_factory=dict)

    def people(self) -> None:
        """Léa and Karim are members, Paul is of the pump team, Claire moderates and looks after the community."""
        forum = self.place.forum
        for name in ("karim", "paul", "claire"):
            forum.add_member(name, created_at=MONDAY - timedelta(days=400))
        forum.staff.set_roles("claire", moderator=True)
        forum.add_group("animation", "claire")
        forum.add_group("pompes", "paul", "claire", self.place.bot)
        forum.add_group("direction", "claire")
        self.team = forum.add_category("Equipe pompes", permissions={"pompes": 1})
        self.board = forum.add_category("Direction", permissions={"direction": 1})
        forum.allow_login_for("127.0.0.1", str(self.place.service.config.connect_secret.get_secret_value()))

    def open(self, wave: str) -> None:
        """Everything is written; what is taken back later is public as yet."""
        forum = self.place.forum
        lea, karim, claire, paul = (forum.as_member(name) for name in ("lea", "karim", "claire", "paul"))
        claire.topic(self.board, f"Budget de la direction {wave}", sentence("direction", wave))
        lea.message("karim", f"Entre nous deux {wave}", sentence("message", wave))
        paul.topic(self.team, f"Réunion de l'équipe pompes {wave}", sentence(TEAM, wave))
        home = lea.topic("general", f"Comment vider la cale du bateau {wave} ?", f"Question ouverte à tous, {wave}.")
        karim.reply(home, f"Avec la pompe, cela prend une heure environ, vague {wave}.")
        claire.reply(home, sentence("chuchot", wave), whisper=True)
        self.posts[f"masque{wave}"] = karim.reply(home, sentence("masque", wave))
        self.posts[f"efface{wave}"] = karim.reply(home, sentence("efface", wave))
        for kind in ("delist", "deplace", "converti"):
            self.topics[kind + wave] = lea.topic("general", f"Sujet {kind} {wave}, je raconte", sentence(kind, wave))
        room = forum.add_category(f"Atelier {wave}")
        self.topics[f"room{wave}"] = room
        lea.topic(room, f"Dans l'atelier on cherche {wave}", sentence("referme", wave))

    def take_back(self, wave: str) -> None:
        """What was public is so no more."""
        staff = self.place.forum.staff
        staff.hide(self.posts[f"masque{wave}"])
        staff.delete_post(self.posts[f"efface{wave}"])
        staff.unlist(self.topics[f"delist{wave}"])
        staff.move_topic(self.topics[f"deplace{wave}"], self.board)
        staff.to_message(self.topics[f"converti{wave}"])
        staff.set_permissions(self.topics[f"room{wave}"], {"direction": 1})


def tattler() -> Any:
    """A plugin that tells everything the memory lets it find, by every door it has, once it is on."""
    from plugins.blocks import Page, Text
    from plugins.contract import Link, Person, Plugin, Suggestion

    plugin = Plugin("tattler", about="Raconte tout ce qu'il trouve.")

    def all_of(ctx: Any, audience: Any) -> str:
        found = [post.text for post in ctx.archive.all_posts(audience)]
        found += [topic.title for topic in ctx.archive.topics(audience, limit=500)]
        found += [hit.snippet for hit in ctx.archive.search("mot de passe cale", audience, limit=100, per="post").hits]
        return "\n".join(found) or "rien"

    @plugin.on("topic_created", "post_created", "topic_edited")
    def tell(event: Any, ctx: Any) -> None:
        number = event.topic().id if event.type == "topic" else event.post().topic_id
        audience = ctx.archive.audience_of_topic(number)
        text = f"Voici ce que j'ai trouvé pour vous : {all_of(ctx, audience)}"[:4000]
        ctx.forum.reply(number, text, once=f"tell:{number}", why=all_of(ctx, audience)[:500])

    @plugin.page("all", title={"en": "All", "fr": "Tout"})
    def page(query: Any, ctx: Any) -> Any:
        return Page("Tout", [Text(all_of(ctx, ctx.archive.audience_public()))])

    @plugin.public_page("all", title={"en": "All", "fr": "Tout"})
    def public(query: Any, ctx: Any) -> Any:
        return Page("Tout", [Text(all_of(ctx, ctx.archive.audience_anonymous()))])

    @plugin.inline("topic", budget_ms=5000)
    def beside_topic(draft: Any, ctx: Any) -> list[Any]:
        from plugins.inline import Suggestion

        return [Suggestion("tell", "telling", "Voici", "Parce que.", text=all_of(ctx, draft.viewer.audience)[:4000])]

    @plugin.inline("composer", budget_ms=5000)
    def beside_draft(draft: Any, ctx: Any) -> list[Any]:
        found: list[Any] = beside_topic(draft, ctx)
        return found

    @plugin.feed("all")
    def feed(ctx: Any) -> list[Any]:
        from plugins.blocks import FeedEntry

        text = all_of(ctx, ctx.archive.audience_anonymous())
        return [FeedEntry("one", "Tout", text, "/latest", ctx.now)]

    @plugin.card
    def card(member_id: int, ctx: Any) -> Any:
        return [Text(all_of(ctx, ctx.archive.audience_for((), member_id)))]

    def beside(draft: Any, ctx: Any) -> Any:
        """Words under the viewer's rights, and links to everything there ever was under the plugin's own titles."""
        links = tuple(Link(topic, post, f"Sujet {topic}") for topic in range(1, 80) for post in (None, 1, 2))
        people = tuple(Person(one, "Il a écrit.", links[one * 3 : one * 3 + 3]) for one in range(1, 12))
        told = all_of(ctx, draft.viewer.audience)
        return [Suggestion(f"all:{draft.topic_id}", "all", told[:200], told, told, links[:20], people)]

    plugin.inline("topic", budget_ms=5_000)(beside)
    plugin.inline("composer", budget_ms=5_000)(beside)

    @plugin.member_page("all", title={"en": "All", "fr": "Tout"})
    def own(query: Any, ctx: Any, viewer: Any) -> Any:
        return Page("Tout", [Text(all_of(ctx, viewer.audience))])

    return plugin
