"""Tonight: the address holds the people; Surprise me: one film unlike the answers."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from db.home import Home
from recommender.question import Question
from service.questions.evening_link import Guest, Party, guest_name, party_from_params, party_params
from service.questions.profiles import save
from tests.views.conftest import Open
from tests.views.test_discover import address
from tests.views.test_pages import words

KNOWN = range(1, 50)
ids = st.lists(st.sampled_from(KNOWN), unique=True, max_size=6).map(tuple)
names = st.text(min_size=1, max_size=20).map(guest_name).filter(bool)


@given(
    st.lists(st.tuples(names, ids, ids), max_size=5, unique_by=lambda one: one[0]), ids, st.none() | st.integers(1, 999)
)
def test_a_party_comes_back_from_its_address(
    people: list[tuple[str, tuple[int, ...], tuple[int, ...]]], seen: tuple[int, ...], minutes: int | None
) -> None:
    guests = tuple(Guest(name, likes, tuple(one for one in no if one not in likes)) for name, likes, no in people)
    party = Party(guests, seen, minutes)
    assert party_from_params(party_params(party), KNOWN) == (party, ())


@given(st.dictionaries(st.sampled_from(("people", "seen", "minutes")), st.text(max_size=80)))
def test_no_address_is_an_error(params: dict[str, str]) -> None:
    party, _ = party_from_params(params, KNOWN)
    assert party_from_params(party_params(party), KNOWN)[0] == party


def test_films_that_are_gone_are_told_once() -> None:
    _, notices = party_from_params({"people": "Ann:1,99;Bo:99,98", "seen": "99"}, KNOWN)
    assert notices == ("2 films of this link are no longer in the catalogue.",)


def test_films_beyond_the_largest_number_are_told() -> None:
    party, notices = party_from_params({"people": "Ann:" + ",".join(map(str, range(1, 54)))}, range(1, 100))
    assert len(party.guests[0].likes) == 50
    assert notices == ("3 films of this link are left out: it may have 50 of a kind.",)


def test_people_are_added_and_shown_with_what_they_like(filled: Home, open_page: Open) -> None:
    save(filled, "Bo's taste", Question(likes=(6,), seen=(12,)))
    app = open_page(filled.root, "tonight", people="Ann:1", minutes="500")
    app.text_input(key="tonight-name").input("Ann").run()
    assert "is here already" in words(app).replace("\\", "")
    app.selectbox(key="tonight-saved-1").select("Bo's taste").run()
    assert address(app)["people"] == "Ann:1;Bo's taste:6" and address(app)["seen"] == "12"
    assert words(app).count("Bo&#x27;s taste") == 10 and not app.exception
    app.button(key="tonight-remove-Ann").click().run()
    assert address(app)["people"] == "Bo's taste:6"


def test_a_surprise_is_shown_until_the_question_changes(filled: Home, open_page: Open) -> None:
    app = open_page(filled.root, "discover", like="1")
    next(one for one in app.button if one.label == "Surprise me").click().run()
    assert "unlike the answers" in words(app)
    shown = [app.session_state["surprise-shown"]]
    for _ in range(3):
        next(one for one in app.button if one.label == "Surprise me").click().run()
        shown.append(app.session_state["surprise-shown"])
    assert len(set(shown)) == 4, "pressed again it is another film"
    app.button(key=next(one.key for one in app.button if str(one.key).startswith("card-likes-"))).click().run()
    assert "unlike the answers" not in words(app) and not app.exception
