"""Peer mediators: volunteers of one group, two to each case, and only where its author accepts them both."""

from connector.records import StoredMember, StoredTopic
from plugins.blocks import Form, Page, Table
from plugins.netiquette import Settings, mediators, plugin
from plugins.netiquette.tables.mediators import mediations, opinions
from plugins.netiquette.tables.mediators import mediators as willing
from plugins.testing import Bench


class House:
    """A forum with three volunteers and a thread of Léa's."""

    def __init__(self, *, volunteers: int = 3, lang: str = "fr") -> None:
        self.bench = Bench(plugin, mode="act", lang=lang, settings=Settings(mediator_group="mediation"))
        self.lea: StoredMember = self.bench.add_member("lea", lang=lang)
        self.people = [
            self.bench.add_member(name, name=name.title(), lang=lang, groups=["mediation"])
            for name in ("nour", "omar", "paul", "quentin")[:volunteers]
        ]
        self.topic: StoredTopic = self.bench.add_topic(self.bench.add_member("karim"), "La prime de juin", "Quand ?")
        self.bench.add_post(self.topic, self.lea, "Tu pourrais lire avant d'écrire.")
        for one in self.people:
            self.bench.member_form("mediate", one)
            self.bench.pass_time(minutes=1)

    def offer(self, topic: StoredTopic | None = None, member: StoredMember | None = None) -> str:
        """The ladder offers mediation; the key of the offer, or "" where there is none."""
        number, who = (topic or self.topic).id, (member or self.lea).id
        act = self.bench._run(lambda ctx: mediators.offer(ctx, number, who))
        return act.once if act else ""

    def texts(self, member: StoredMember) -> list[str]:
        return [one.text for one in self.bench.acts if one.verb == "message" and one.member_id == member.id]

    def text_of(self, once: str) -> str:
        return next(one.text for one in self.bench.acts if one.once == once)

    def page(self, member: StoredMember) -> Page:
        return self.bench.member_page("mediation", member)

    def view(self, member: StoredMember, opinion: str = "settled") -> str:
        [form] = [one for one in self.page(member).blocks if isinstance(one, Form) and one.action == "mediation_view"]
        return self.bench.member_form("mediation_view", member, {"case": str(form.fields[0].value), "view": opinion})

    def alerts(self) -> list[str]:
        return [one.title for one in self.bench.acts if one.verb == "alert"]

    def sees_a_case(self, member: StoredMember) -> bool:
        return any(isinstance(one, Table) for one in self.page(member).blocks)


def test_two_mediators_close_a_case_without_staff() -> None:
    """Offered, accepted, looked at by both: the author is told that it is settled, and staff hear nothing."""
    house = House()
    once = house.offer()
    [offer] = [one for one in house.bench.acts if one.once == once]
    assert (offer.member_id, offer.conduct, offer.state) == (house.lea.id, True, "proposed"), "a human signs the offer"
    assert "Nour" in offer.text and "Omar" in offer.text and "Paul" not in offer.text  # noqa: PT018
    house.bench.answer(once, house.lea, "accept")
    for one in house.people[:2]:
        assert len(house.texts(one)) == 1
        house.view(one)
    assert "réglé" in house.texts(house.lea)[-1]
    assert house.alerts() == []
    assert [one["state"] for one in house.bench.rows(mediations)] == ["closed"]


def test_nobody_sees_a_case_before_its_author_accepts() -> None:
    """Until the author says yes no mediator sees anything, and those who were not accepted never do."""
    house = House()
    once = house.offer()
    assert not any(house.sees_a_case(one) for one in house.people)
    house.bench.answer(once, house.lea, "accept")
    assert [house.sees_a_case(one) for one in house.people] == [True, True, False]
    number = house.bench.rows(mediations)[0]["id"]
    said = house.bench.member_form("mediation_view", house.people[2], {"case": str(number), "view": "settled"})
    assert "n'attend plus" in said
    assert [one["opinion"] for one in house.bench.rows(opinions)] == ["", ""]


def test_a_no_is_a_no_and_nobody_learns_of_it() -> None:
    """Who declines is not asked again in this thread, and no mediator hears of it."""
    house = House()
    once = house.offer()
    house.bench.answer(once, house.lea, "not_here")
    house.bench.answer(once, house.lea, "accept")
    assert [house.texts(one) for one in house.people] == [[], [], []]
    assert house.offer() == ""


def test_somebody_else_cannot_accept_for_the_author() -> None:
    """Only the author's own answer counts."""
    house = House()
    house.bench.answer(house.offer(), house.people[0], "accept")
    assert not any(house.sees_a_case(one) for one in house.people)


def test_the_rota_goes_round() -> None:
    """Who was asked longest ago is next; whoever wrote in the thread, is away, or left the group is passed over."""
    house = House(volunteers=4)
    house.offer()
    house.bench.pass_time(hours=1)
    other = house.bench.add_topic(house.bench.add_member("zoe"), "Le parking", "Encore complet.")
    second = house.offer(other, house.bench.add_member("theo"))
    asked = house.text_of(second)
    assert "Paul" in asked and "Quentin" in asked  # noqa: PT018
    house.bench.pass_time(hours=1)
    third = house.bench.add_topic(house.bench.add_member("ines"), "La cantine", "Trop salé.")
    house.bench.add_post(third, house.people[0], "Je trouve aussi.")
    house.bench.consent.away[house.people[1].id] = house.bench.pass_time(hours=1).replace(year=2030)
    assert "Paul" in house.text_of(house.offer(third, house.lea))


def test_without_two_mediators_nothing_is_offered() -> None:
    """One volunteer is too few; a thread that mediators may not open is not shown to them; no group, no offer."""
    assert House(volunteers=1).offer() == ""
    house = House()
    room = house.bench.add_category("Direction", groups=["direction"])
    closed = house.bench.add_topic(house.lea, "Le budget", "Voilà.", category=room)
    assert house.offer(closed, house.bench.add_member("ugo")) == ""


def test_what_is_not_settled_goes_to_staff() -> None:
    """One mediator who would rather leave it to staff, or four days without both views: staff hear of the thread."""
    house = House()
    house.bench.answer(house.offer(), house.lea, "accept")
    house.view(house.people[0], "staff")
    assert len(house.alerts()) == 1
    assert not house.sees_a_case(house.people[1])

    late = House()
    late.bench.answer(late.offer(), late.lea, "accept")
    late.view(late.people[0])
    late.bench.pass_time(days=5)
    late.bench.tick("nightly_for_managers")
    assert len(late.alerts()) == 1
    assert "lea" not in str(late.alerts())


def test_who_steps_down_or_leaves_leaves_nothing_behind() -> None:
    """A mediator may stop at any time; whoever leaves the forum leaves no row, as mediator or as author."""
    house = House()
    house.bench.answer(house.offer(), house.lea, "accept")
    house.bench.member_form("mediate_no_more", house.people[0])
    assert len(house.alerts()) == 1, "the author accepted him and nobody else"
    house.bench.forget(house.lea)
    house.bench.forget(house.people[1])
    assert house.bench.rows(mediations) == []
    assert house.bench.rows(opinions) == []
    assert [one["member_id"] for one in house.bench.rows(willing)] == [house.people[2].id]


def test_only_the_group_may_offer() -> None:
    """A member of another group is told so, and no form of his makes him a mediator."""
    house = House(volunteers=0)
    assert not [one for one in house.page(house.lea).blocks if isinstance(one, Form)]
    house.bench.member_form("mediate", house.lea)
    assert house.bench.rows(willing) == []
