"""Downloads from pinned addresses, against a server on loopback that fails, stalls, breaks off and serves changed files."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from conflictwire.corpus import fetch
from conflictwire.corpus.fetch import Address, Patience
from conflictwire.corpus.hydrate import hydrate

COMMIT = "0123456789abcdef0123456789abcdef01234567"
QUICK = Patience(tries=4, timeout=0.4, backoff=0.01, longest=0.05)
BODY = bytes(range(256)) * 2000  # 512,000 bytes: several chunks
KEPT = 256_000 // fetch.CHUNK * fetch.CHUNK  # of the half that comes before a break, the whole chunks


class Server:
    """Serves `files`; `faults` is what to do wrong on the next requests, in order."""

    def __init__(self):
        self.files: dict[str, bytes] = {}
        self.faults: list[str] = []
        self.seen: list[tuple[str, str | None]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def do_GET(self):
                outer.seen.append((self.path, self.headers.get("Range")))
                fault = outer.faults.pop(0) if outer.faults else ""
                if fault.isdecimal():
                    self.send_response(int(fault))
                    if fault == "429":
                        self.send_header("Retry-After", "0")
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                    return
                if fault == "stall":
                    outer.released.wait(5)
                    self.close_connection = True
                    return
                body = outer.files.get(self.path)
                if body is None:
                    self.send_error(404)
                    return
                start = int((self.headers.get("Range") or "bytes=0-")[6:-1])
                if start and fault != "no-range":
                    if start >= len(body):
                        self.send_response(416)
                        self.send_header("Content-Range", f"bytes */{len(body)}")
                        self.send_header("Content-Length", "0")
                        self.end_headers()
                        return
                    self.send_response(206)
                    self.send_header("Content-Range", f"bytes {start}-{len(body) - 1}/{len(body)}")
                    body = body[start:]
                else:
                    self.send_response(302 if fault == "redirect" else 200)
                    if fault == "redirect":
                        self.send_header("Location", "http://127.0.0.1:9/elsewhere")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body[: len(body) // 2] if fault == "cut" else body)
                self.close_connection = fault == "cut"

        self.released = threading.Event()
        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.root = f"http://127.0.0.1:{self.http.server_address[1]}"
        threading.Thread(target=self.http.serve_forever, args=(0.02,), daemon=True).start()

    def close(self):
        self.released.set()
        self.http.shutdown()
        self.http.server_close()


@pytest.fixture
def server():
    it = Server()
    yield it
    it.close()


def get(server, folder, name="a.json", patience=QUICK):
    path = f"/{COMMIT}/{name}"
    server.files.setdefault(path, BODY)
    (result,) = fetch.fetch([Address(server.root + path, ("x",))], folder, patience)
    return result


def test_a_file_is_downloaded_once_and_kept_under_its_own_name(server, tmp_path):
    first, second = get(server, tmp_path), get(server, tmp_path)
    assert first.path == second.path
    assert (first.path.name, first.path.read_bytes(), len(server.seen)) == ("a.json", BODY, 1)
    assert [p.name for p in tmp_path.rglob("*") if p.is_file()] == ["a.json"]


@pytest.mark.parametrize("faults", [["500"], ["429", "503"], ["stall"], ["cut"], ["cut", "cut", "stall"]], ids=" ".join)
def test_a_server_that_fails_for_a_while_is_waited_for(server, tmp_path, faults):
    server.faults = faults
    assert get(server, tmp_path).path.read_bytes() == BODY


def test_a_download_that_broke_off_goes_on_where_it_stopped(server, tmp_path):
    server.faults = ["cut"]
    get(server, tmp_path)
    assert [asked for _, asked in server.seen] == [None, f"bytes={KEPT}-"]


def test_it_goes_on_in_a_later_call_too(server, tmp_path):
    server.faults = ["cut", "404"]
    assert "answers 404" in get(server, tmp_path).problem
    assert get(server, tmp_path).path.read_bytes() == BODY
    assert server.seen[-1][1] == f"bytes={KEPT}-"


def test_a_server_without_ranges_sends_the_whole_again(server, tmp_path):
    server.faults = ["cut", "no-range"]
    assert get(server, tmp_path).path.read_bytes() == BODY


def test_a_part_longer_than_the_file_is_thrown_away(server, tmp_path):
    server.faults = ["cut", "404"]
    get(server, tmp_path)
    server.files[f"/{COMMIT}/a.json"] = BODY[:1000]
    assert get(server, tmp_path).path.read_bytes() == BODY[:1000]


def test_a_missing_file_is_said_at_once_and_the_next_is_tried(server, tmp_path):
    server.files[f"/{COMMIT}/there.md"] = b"text"
    wanted = [Address(f"{server.root}/{COMMIT}/{name}", ("x",)) for name in ("gone.md", "there.md")]
    gone, there = fetch.fetch(wanted, tmp_path, QUICK)
    assert (gone.path, there.path.read_bytes(), len(server.seen)) == (None, b"text", 2)
    assert "gone.md: the server answers 404" in gone.problem


def test_it_does_not_follow_an_address_elsewhere(server, tmp_path):
    server.faults = ["redirect"]
    assert "answers 302" in get(server, tmp_path).problem


def test_it_gives_up_after_as_many_tries_as_it_was_told(server, tmp_path):
    server.faults = ["500"] * 9
    result = get(server, tmp_path)
    assert (result.path, len(server.seen)) == (None, QUICK.tries)
    assert "answers 500 (4 attempts)" in result.problem


def test_offline_is_said_once_a_server(server, tmp_path):
    server.close()
    wanted = [Address(f"{server.root}/{COMMIT}/{name}", ("x",)) for name in "ab"]
    results = list(fetch.fetch(wanted, tmp_path, QUICK))
    assert all("are you offline?" in r.problem for r in results)
    assert results[0].problem == results[1].problem


def test_a_file_that_grows_without_end_is_refused(server, tmp_path, monkeypatch):
    monkeypatch.setattr(fetch, "MAX_FILE", 100_000)
    result = get(server, tmp_path)
    assert "more than any text" in result.problem
    assert not list(tmp_path.rglob("*.part"))


def test_only_open_texts_at_pinned_addresses_are_fetched(reported):
    def record(licence="CC-BY-4.0", commit=COMMIT, url=f"https://example.org/{COMMIT}/a.md", kind="repository"):
        origin = {**reported["origin"], "kind": kind, "commit": commit, "url": url}
        return {**reported, "license": licence, "origin": origin}

    assert [a.articles for a in fetch.addresses([record(), record()])] == [("worked", "worked")]
    for other in (
        record(licence="LicenseRef-All-Rights-Reserved"),
        record(url="https://example.org/main/a.md"),
        record(url=f"http://example.org/{COMMIT}/a.md"),
        record(url=f"file:///{COMMIT}/a.md"),
        record(commit=None),
        record(kind="page"),
        {**record(), "text": "here"},
    ):
        assert fetch.addresses([other]) == []


@pytest.mark.parametrize("changed", [False, True])
def test_what_was_fetched_is_believed_only_as_far_as_its_hashes_go(
    server, tmp_path, reported, worked_skeleton, changed
):
    text = worked_skeleton["text"]
    served = text.replace("at least 14", "at least 41") if changed else text
    server.files[f"/{COMMIT}/d.json"] = json.dumps([{"text": served}]).encode()
    origin = {**reported["origin"], "kind": "repository", "commit": COMMIT, "url": f"{server.root}/{COMMIT}/d.json"}
    record = {**reported, "license": "CC-BY-4.0", "origin": origin}
    (result,) = fetch.fetch(fetch.addresses([record]), tmp_path, QUICK)
    (hydrated,) = hydrate([record], [result.path])
    assert hydrated.status == ("partial" if changed else "ok")
    assert "at least 41" not in hydrated.record["text"]
