"""Scripts of the app go through the network compressed."""

from __future__ import annotations

from pathlib import Path

from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.testclient import TestClient

from service.rights.compressed import Compressed
from service.rights.headers import APP, SecurityHeaders

SCRIPT = "const word = 'film';\n" * 1_000


def test_a_script_is_compressed_once_and_everything_else_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "js").mkdir()
    (tmp_path / "js" / "app.1.js").write_text(SCRIPT)
    (tmp_path / "js" / "small.2.js").write_text("1")
    asked: list[str] = []

    class Counting(StaticFiles):
        def get_path(self, scope):  # type: ignore[no-untyped-def]
            asked.append(scope["path"])
            return super().get_path(scope)

    routes = [
        Route("/base/page", lambda _: PlainTextResponse(SCRIPT)),
        Mount("/base/static", Counting(directory=tmp_path)),
    ]
    client = TestClient(SecurityHeaders(Compressed(Starlette(routes=routes), "/base"), APP))
    gzip = {"accept-encoding": "gzip, br"}
    for _ in range(2):
        got = client.get("/base/static/js/app.1.js", headers=gzip)
        assert (
            got.text == SCRIPT
            and got.headers["content-encoding"] == "gzip"
            and got.headers["vary"] == "Accept-Encoding"
        )
        assert int(got.headers["content-length"]) < len(SCRIPT) / 10 and "etag" not in got.headers
        assert got.headers.get_list("content-security-policy") == [APP] and "javascript" in got.headers["content-type"]
    assert len(asked) == 1
    for path, headers in (
        ("/base/static/js/app.1.js", {"accept-encoding": "identity"}),
        ("/base/static/js/small.2.js", gzip),
        ("/base/page", gzip),
        ("/base/static/js/none.js", gzip),
        ("/base/static/js/app.1.js", gzip | {"range": "bytes=0-9"}),
    ):
        assert "content-encoding" not in client.get(path, headers=headers).headers
    assert client.get("/base/static/js/none.js", headers=gzip).status_code == 404
    assert client.get("/base/static/js/app.1.js", headers=gzip | {"range": "bytes=0-9"}).text == SCRIPT[:10]
    assert client.head("/base/static/js/app.1.js", headers=gzip).headers["content-length"] == str(len(SCRIPT))
