"""Every answer of a real forum means one thing: a success, surely not done, a final no, or perhaps done."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.answers import Answer, decoded, slows_everybody, wait_of
from connector.errors import ForumError, ForumRefused, ForumUnavailable, ForumUnsure
from connector.models import Category, Group, Member, Post, SiteInfo, Topic
from connector.scopes import needed
from tests.recorded import Exchange, exchange, exchanges


def answer_of(one: Exchange) -> Answer:
    headers = {name.lower(): value for name, value in one.headers.items()}
    return Answer(one.status, headers, one.body, one.method != "GET", needed(one.method, one.path), "passerelle")


def kind_of(one: Exchange) -> type[ForumError] | None:
    try:
        decoded(answer_of(one))
    except ForumError as error:
        return type(error)
    return None


def error_of(file: str) -> ForumError:
    with pytest.raises(ForumError) as caught:
        decoded(answer_of(exchange(file)))
    return caught.value


def answer(
    status: int, body: bytes, *, writing: bool = False, kind: str = "application/json", **headers: str
) -> Answer:
    return Answer(status, {"content-type": kind, **headers}, body, writing, "topics:write", "passerelle")


def test_every_recorded_answer_parses_or_is_the_right_kind_of_error() -> None:
    """All recorded answers (and the one extract) are told apart by status and shape alone, never by wording."""
    allowed: dict[type[ForumError] | None, set[int]] = {
        None: {200, 201, 204},
        ForumRefused: {400, 403, 404, 409, 422},
        ForumUnavailable: {301, 302, 429, 503},
        ForumUnsure: {500},
    }
    odd = {"user_create_taken", "bot_create_again", "post_raw", "sso_provider_bad_signature"}
    for one in exchanges():
        assert one.status in allowed[kind_of(one)] or one.name in odd, one.name
    assert len(exchanges()) == 709


def test_every_recorded_object_becomes_a_model() -> None:
    """Every topic, post, member, category, group and site that the forum showed is understood, with its own id."""
    seen = {Topic: 0, Post: 0, Member: 0, Category: 0, Group: 0}

    def walk(value: object) -> None:
        for model, marks in _MARKS.items():
            if isinstance(value, dict) and marks <= value.keys() and isinstance(value["id"], int):
                assert model.from_payload(value).id == value["id"]
                seen[model] += 1
        for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            walk(inner)

    for one in exchanges():
        walk(one.content)
        if isinstance(one.content, dict) and "post_action_types" in one.content:
            assert SiteInfo.from_payload(one.content).flags
    assert all(count > 10 for count in seen.values())


_MARKS = {
    Topic: {"id", "posts_count", "highest_post_number", "archetype"},
    Post: {"id", "post_number", "cooked"},
    Member: {"id", "username", "avatar_template", "trust_level"},
    Category: {"id", "read_restricted", "slug", "color"},
    Group: {"id", "automatic", "messageable_level"},
}


@pytest.mark.parametrize(
    ("file", "status", "kind"),
    [
        ("1-life/post_edit_conflict", 409, ""),
        ("1-life/err_too_short", 422, ""),
        ("1-life/search_short", 400, "invalid_parameters"),
        ("1-life/user_missing", 404, "not_found"),
        ("2-rights/hook_delete_again", 404, ""),
        ("2-rights/bot_delete_with_posts_refused", 403, ""),
        ("4-limits/moderator__emails", 403, ""),
        ("1-life/user_create_taken", 200, ""),
    ],
)
def test_a_refusal_keeps_what_the_forum_said(file: str, status: int, kind: str) -> None:
    """Whatever the shape of a refusal, its status, its kind and its sentences reach the person who looks after it."""
    error = error_of(file)

    assert isinstance(error, ForumRefused)
    assert (error.status, error.error_type) == (status, kind)
    assert error.errors or file == "4-limits/moderator__emails"


@pytest.mark.parametrize(
    ("file", "scope"),
    [
        ("1-life/bad_key", "global:read"),
        ("1-life/key_scope_refused", "topics:write"),
        ("2-rights/reader_writer__delete_own", "posts:delete"),
        ("8-end/runtime_flag", "unscoped"),
    ],
)
def test_a_refused_key_names_the_right_it_needs(file: str, scope: str) -> None:
    """A wrong or too narrow key gives one sentence that names the missing right, and whose key it should be."""
    error = error_of(file)

    assert isinstance(error, ForumRefused)
    assert scope in error.message
    assert "passerelle" in error.message
    assert error.scope is not None
    assert scope in error.scope


@pytest.mark.parametrize(
    ("file", "seconds", "everybody"),
    [
        ("4-limits/limit_search_or_ip", 15, False),
        ("4-limits/limit_ip", 1, True),
        ("4-limits/limit_member_topics", 14, False),
        ("4-limits/limit_first_day", 103, False),
        ("4-limits/022-limit_admin_api", 49, True),
        ("4-limits/023-limit_admin_api_write", 49, True),
    ],
)
def test_every_slow_down_says_how_long_and_for_whom(file: str, seconds: int, everybody: bool) -> None:
    """JSON with a wait, JSON without, three lines of text: each gives a time, and tells shared limits from own ones."""
    one = answer_of(exchange(file))
    error = error_of(file)

    assert isinstance(error, ForumUnavailable)
    assert error.retry_after == wait_of(one, one.content)
    assert seconds == error.retry_after or file.endswith("first_day")
    assert slows_everybody(one) is everybody


def test_a_page_of_nginx_that_says_slow_down_is_understood() -> None:
    """The flood limit of the web server in front answers in HTML, without a time: fifteen seconds."""
    page = answer(429, b"<html><h1>429 Too Many Requests</h1></html>", kind="text/html")

    with pytest.raises(ForumUnavailable) as caught:
        decoded(page)
    assert caught.value.retry_after == 15
    assert slows_everybody(page)


@pytest.mark.parametrize("told", ["99999999999", "-5", "Wed, 21 Oct 2099 07:28:00 GMT", "soon", "1e99", ""])
def test_an_odd_time_to_wait_is_kept_within_reason(told: str) -> None:
    """Nobody waits a century because a proxy said so, and nobody hammers."""
    assert 1 <= wait_of(answer(429, b"{}", **{"retry-after": told})) <= 3600


@pytest.mark.parametrize("writing", [False, True], ids=["read", "write"])
@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (200, b"<html>Please log in</html>", "text/html"),
        (200, b"{broken", "application/json"),
        (200, b"[" * 100_000, "application/json"),
        (502, b"<html>Bad gateway</html>", "text/html"),
        (500, b'{"status": 500, "error": "Internal Server Error"}', "application/json"),
        (503, b"<html>Upgrading</html>", "text/html"),
    ],
)
def test_what_is_no_answer_leaves_a_write_unsure_and_a_read_to_be_repeated(
    status: int, body: bytes, kind: str, writing: bool
) -> None:
    """A login page, a broken document or an error of the server: a read is asked again, a write may have been done."""
    with pytest.raises(ForumUnsure if writing else ForumUnavailable):
        decoded(answer(status, body, writing=writing, kind=kind))


@pytest.mark.parametrize("status", [301, 302, 403, 404])
def test_a_page_in_place_of_a_refusal_is_no_refusal(status: int) -> None:
    """A 404 that a proxy made in HTML must never be taken for "this topic is gone"."""
    for writing in (False, True):
        with pytest.raises(ForumUnavailable):
            decoded(answer(status, b"<html>not here</html>", writing=writing, kind="text/html"))


@given(
    st.integers(100, 599),
    st.one_of(st.binary(max_size=60), st.sampled_from([b'{"errors": {"a": ["b"]}}', b'{"errors": 3}', b'"x"', b"[1]"])),
    st.sampled_from(["application/json", "text/html", ""]),
    st.booleans(),
    st.text(max_size=12),
)
def test_whatever_answers_is_a_value_or_one_of_three_errors(
    status: int, body: bytes, kind: str, writing: bool, wait: str
) -> None:
    """No answer, however odd, makes anything fall over; only writes can be unsure."""
    try:
        decoded(answer(status, body, writing=writing, kind=kind, **{"retry-after": wait}))
    except ForumError as error:
        kind_of_error: type[ForumError] | None = type(error)
    else:
        kind_of_error = None

    assert kind_of_error is not None or 200 <= status < 300
    assert writing or kind_of_error is not ForumUnsure
