"""The questions of the invented community: those a human would name are named, chatterers never are."""

from collections.abc import Iterator, Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from connector.archive.model_files import BUNDLED, resolve_model
from connector.errors import ModelUnavailable
from connector.sandbox.community import StoryQuestion, load_community
from plugins.expert_finder import knowledge
from tests.plugins.expert_finder.invented import Invented

STORY = load_community().story
CHATTER = "fabrice.lemoine"


@pytest.fixture(scope="module")
def invented() -> Iterator[Invented]:
    """The community with the model that is delivered; the bench's own knows words only."""
    try:
        where = resolve_model(BUNDLED)[0]
    except ModelUnavailable as error:
        pytest.skip(str(error))
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(where, device="cpu")

    def embed(texts: Sequence[str], name: str | None = None) -> NDArray[np.float32]:
        return np.asarray(model.encode(list(texts), normalize_embeddings=True), np.float32)

    invented = Invented()
    invented.bench.archive.embed = embed  # type: ignore[method-assign]
    invented.bench.tick("learn")
    with pytest.MonkeyPatch.context() as patched:
        # The bench embeds while it is asked, which a busy machine takes minutes for; how long is not what is tested.
        patched.setattr(knowledge, "PATIENCE", 600.0)
        yield invented


@pytest.mark.parametrize("question", STORY, ids=[one.key for one in STORY])
def test_the_story_names_whom_a_human_would_name(invented: Invented, question: StoryQuestion) -> None:
    """Two of the expected experts at least (or the only one), never the popular joker, and nobody for a rant."""
    topic = invented.ask(question)
    for _ in range(6):
        invented.bench.pass_time(hours=9)
        invented.bench.tick("hold_back")
    named = invented.named(topic)
    assert len(set(named) & set(question.experts)) >= min(2, len(question.experts)), named
    assert not set(named) & set(question.never), named
    if not question.experts:
        assert named == []
    invented.bench.now = question.at


def test_who_jokes_about_christmas_is_no_expert_on_closing_days(invented: Invented) -> None:
    """Small talk in the common room rarely triggers anything, and the popular joker is not named for it."""
    topic = next(one for one in invented.topics.values() if one.title.startswith("Fermeture de Noël"))
    assert CHATTER not in invented.named(topic)
