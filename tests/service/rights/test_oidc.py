"""Sign-in by a provider of accounts: roles, tokens that are not what they seem, and the whole round trip."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from db.home import Home
from db.state.store import State
from errors import AccessError, ParameterError
from service.listening.listeners import ADMINS as ONLY_ADMINS
from service.listening.listeners import SIGNED_IN, require_listener, set_listeners
from service.rights import access, oidc
from service.rights.browsers import SESSION_COOKIE
from service.rights.oidc import Provider, Rule
from tests.browser.server import served
from tests.service.rights.oidc_provider import CLIENT_ID, CLIENT_SECRET, AccountProvider, running_provider
from tests.service.rights.streamlit_client import tab
from tests.service.rights.test_canaries import found

ADA = {"email": "ada@club.example", "email_verified": True}
BOB = {"email": "Bob@Club.example", "email_verified": True}
STRANGER = {"email": "eve@elsewhere.example", "email_verified": True}
SET = {
    oidc.URL: "https://accounts.example/realm",
    oidc.ADDRESS: "https://films.example/films/",
    oidc.CLIENT_ID: CLIENT_ID,
    oidc.CLIENT_SECRET: CLIENT_SECRET,
    oidc.ADMINS: "ada@club.example, roles=film-admins",
    oidc.VIEWERS: "@club.example",
}


@pytest.fixture
def named(monkeypatch: pytest.MonkeyPatch) -> Provider:
    for name, value in SET.items():
        monkeypatch.setenv(name, value)
    provider = oidc.provider_from_environment()
    assert provider is not None
    return provider


@pytest.mark.parametrize(
    ("claims", "role"),
    [
        (ADA, "admin"),
        (BOB, "viewer"),
        ({"roles": ["x", "film-admins"]}, "admin"),
        ({"roles": "film-admins"}, "admin"),
        ({"roles": "no-film-admins"}, "visitor"),
        (STRANGER, "visitor"),
        ({}, "visitor"),
        ({"email": "ada@club.example"}, "visitor"),
        ({"email": "ada@club.example", "email_verified": False}, "visitor"),
        ({"email": "ada@club.example", "email_verified": "true"}, "visitor"),
        ({"email": ["ada@club.example"], "email_verified": True}, "visitor"),
        ({"email": "eve@club.example.elsewhere.example", "email_verified": True}, "visitor"),
        ({"email": "eve@notclub.example", "email_verified": True}, "visitor"),
        ({"email": "eve@club.example@elsewhere.example", "email_verified": True}, "visitor"),
    ],
)
def test_a_person_has_the_role_that_the_rules_give(named: Provider, claims: dict[str, Any], role: str) -> None:
    assert named.role_of(claims) == role


def test_a_claim_may_lie_within_others() -> None:
    rule = Rule.read("realm_access.roles=films")
    assert rule.fits({"realm_access": {"roles": ["films"]}}) and rule.fits({"realm_access.roles": "films"})
    assert not rule.fits({"realm_access": "films"}) and not rule.fits({"realm_access": {"roles": None}})


def test_the_provider_is_read_from_the_environment(named: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    assert named.metadata_url == "https://accounts.example/realm/.well-known/openid-configuration"
    assert named.streamlit_secrets()["auth"]["redirect_uri"] == "https://films.example/films/oauth2callback"
    assert CLIENT_SECRET not in repr(named)
    monkeypatch.setenv(oidc.URL, named.metadata_url)
    again = oidc.provider_from_environment()
    assert again is not None and again.metadata_url == named.metadata_url
    monkeypatch.delenv(oidc.URL)
    assert oidc.provider_from_environment() is None


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        (oidc.CLIENT_SECRET, "", f"{oidc.CLIENT_SECRET}: not set"),
        (oidc.ADMINS, "ada", "'ada': not an address"),
        (oidc.ADMINS, "groups=", "'groups=': not an address"),
        (oidc.VIEWERS, "a@b@c", "'a@b@c': not an address"),
        (oidc.URL, "http://accounts.example", "begins with https"),
        (oidc.URL, "https://[accounts", "begins with https"),
        (oidc.ADDRESS, "films.example", "begins with https"),
        (oidc.ADDRESS, "http://films.example", "begins with https"),
    ],
)
def test_a_provider_that_is_half_named_is_refused_in_words(
    named: Provider, monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ParameterError) as refused:
        oidc.provider_from_environment()
    assert said in str(refused.value) and name in str(refused.value) and CLIENT_SECRET not in str(refused.value)


def test_somebody_must_be_let_in(named: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(oidc.ADMINS, " , ")
    monkeypatch.delenv(oidc.VIEWERS)
    with pytest.raises(ParameterError, match="nobody could sign in"):
        oidc.provider_from_environment()


def test_who_is_signed_in_listens_and_changes_nothing(tmp_path: Path, named: Provider) -> None:
    home = Home.at(tmp_path / "home")
    token = oidc.begin_session(home, named, BOB)
    viewer = access.actor_of(home, token)
    assert (viewer.role, viewer.name) == (access.VIEWER, "bob@club.example")
    set_listeners(home, access.LOCAL, SIGNED_IN)
    require_listener(home, viewer)
    with pytest.raises(AccessError):
        require_listener(home, access.ANYBODY)
    set_listeners(home, access.LOCAL, ONLY_ADMINS)
    with pytest.raises(AccessError):
        require_listener(home, viewer)
    with pytest.raises(AccessError):
        viewer.require_admin("change a film")
    own = access.new_session(home)
    oidc.end_sessions(home)
    assert access.actor_of(home, token) == access.ANYBODY and access.actor_of(home, own).is_admin


@pytest.fixture(scope="module")
def provider() -> Iterator[AccountProvider]:
    with running_provider() as running:
        yield running


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return Home.at(tmp_path_factory.mktemp("oidc") / "home")


@pytest.fixture(scope="module")
def app(home: Home, provider: AccountProvider, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    kept = tmp_path_factory.mktemp("kept") / "secret"
    kept.write_text(f"{CLIENT_SECRET}\n", encoding="utf-8")
    kept.chmod(0o600)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in SET.items():
            patch.setenv(name, value)
        patch.delenv(oidc.CLIENT_SECRET)
        patch.setenv(f"{oidc.CLIENT_SECRET}_FILE", str(kept))
        patch.setenv(oidc.URL, provider.address)
        with served(home.root, options=["--no-worker"], before=lambda at: patch.setenv(oidc.ADDRESS, at)) as address:
            yield address


@pytest.fixture(autouse=True)
def _honest(request: pytest.FixtureRequest) -> None:
    if "provider" in request.fixturenames:
        told: AccountProvider = request.getfixturevalue("provider")
        told.person, told.is_forged, told.is_unsigned, told.refuses = ADA, False, False, False


def come_back(app: str, browser: httpx.Client) -> httpx.Response:
    """Sign in by the page's button, as a browser does: the answer to who comes back from the provider."""
    with tab(app) as page:
        button = page.run("sign_in").buttons["Sign in with your account"]
        way = page.run("sign_in", click=button).leads_to
    at_provider = browser.get(app + way).headers["location"]
    returned = browser.get(at_provider).headers["location"]
    assert returned.startswith(f"{app}/oauth2callback?")
    return browser.get(returned)


def test_the_round_trip_gives_a_session_of_ours_that_signing_out_ends(
    app: str, home: Home, provider: AccountProvider
) -> None:
    with httpx.Client(timeout=60) as browser:
        answer = come_back(app, browser)
        given = answer.headers.get_list("set-cookie")
        (own,) = [one for one in given if one.startswith(SESSION_COOKIE)]
        assert answer.status_code == 302 and answer.headers["location"] == "/"
        assert "HttpOnly" in own and "SameSite=Strict" in own
        assert not [one for one in given if one.startswith("_streamlit_user")], "nothing that we could not end"
        cookies = {SESSION_COOKIE: browser.cookies[SESSION_COOKIE]}
        assert access.actor_of(home, cookies[SESSION_COOKIE]) == access.Actor(access.ADMIN, "ada@club.example")
        with tab(app, cookies) as page:
            assert "You are signed in as" in page.run("sign_in").text and "Sign in first" not in page.run("jobs").text
        replayed = browser.get(str(answer.request.url))
        assert replayed.headers["location"] == "/sign_in?account=failed", "a way back is good once"
        assert browser.delete(f"{app}/session", headers={"origin": app}).status_code == 204
        assert access.actor_of(home, cookies[SESSION_COOKIE]) == access.ANYBODY
    with State.open(home) as state:
        assert [one.actor for one in state.audit_log() if one.action == "sign in"] == ["ada@club.example"]
    assert found(home.root, {"secret": CLIENT_SECRET, "session": cookies[SESSION_COOKIE]}) == set()
    assert not any(CLIENT_SECRET in httpx.get(f"{app}{path}").text for path in ("", "/session", "/oauth2callback"))


def test_a_viewer_is_signed_in_and_no_admin(app: str, home: Home, provider: AccountProvider) -> None:
    provider.person = BOB
    with httpx.Client(timeout=60) as browser:
        come_back(app, browser)
        cookies = {SESSION_COOKIE: browser.cookies[SESSION_COOKIE]}
    assert access.actor_of(home, cookies[SESSION_COOKIE]).role == access.VIEWER
    with tab(app, cookies) as page:
        assert "Sign in first" in page.run("jobs").text
        assert "Sign out" in page.run("sign_in").buttons


@pytest.mark.forbidden("Sign-in by an account: no rights, a forged, unsigned, old or foreign token", times=9)
@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"person": STRANGER}, "unlisted"),
        ({"person": ADA | {"email_verified": False}}, "unlisted"),
        ({"is_forged": True}, "failed"),
        ({"is_unsigned": True}, "failed"),
        ({"person": ADA | {"exp": int(time.time()) - 3600}}, "failed"),
        ({"person": ADA | {"aud": "another program"}}, "failed"),
        ({"person": ADA | {"iss": "http://elsewhere.example"}}, "failed"),
        ({"person": ADA | {"nonce": "of another sign-in"}}, "failed"),
        ({"refuses": True}, "failed"),
    ],
)
def test_a_token_that_is_not_what_it_seems_leaves_a_visitor(
    app: str, provider: AccountProvider, told: dict[str, Any], said: str
) -> None:
    for name, value in told.items():
        setattr(provider, name, value)
    with httpx.Client(timeout=60) as browser:
        answer = come_back(app, browser)
        assert answer.status_code == 302 and answer.headers["location"] == f"/sign_in?account={said}"
        assert SESSION_COOKIE not in browser.cookies and "_streamlit_user" not in browser.cookies


@pytest.mark.forbidden("The way back of another browser's sign-in")
def test_a_way_back_is_worth_nothing_in_another_browser(app: str, provider: AccountProvider) -> None:
    with httpx.Client(timeout=60) as browser, httpx.Client(timeout=60) as victim, tab(app) as page:
        button = page.run("sign_in").buttons["Sign in with your account"]
        at_provider = browser.get(app + page.run("sign_in", click=button).leads_to).headers["location"]
        returned = browser.get(at_provider).headers["location"]
        assert victim.get(returned).headers["location"] == "/sign_in?account=failed"
        assert SESSION_COOKIE not in victim.cookies
