"""Downloads of the openly licensed texts, from the addresses that the articles' records pin.

A download is no proof: whether it holds an article is told by hydration, segment by segment, by
SHA-256. Knows addresses, files and HTTP; nothing of what is in the texts.
"""

import hashlib
import re
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

import urllib3
from urllib3.exceptions import HTTPError

from conflictwire.corpus import licences
from conflictwire.corpus.hydrate import MAX_FILE
from conflictwire.model import Json

CHUNK = 64 * 1024
LOOPBACK = ("127.0.0.1", "localhost", "::1")
RETRY_STATUS = (408, 425, 429, 500, 502, 503, 504)

Progress = Callable[["Address", int, int | None], None]
"""Called with the address, the bytes there so far, and the whole length where the server tells it."""


@dataclass(frozen=True)
class Address:
    """One file to download and the ids of the articles in it."""

    url: str
    articles: tuple[str, ...]

    @property
    def name(self) -> str:
        """The file's own name, with the ending that tells how it is read."""
        return PurePosixPath(unquote(urlsplit(self.url).path)).name or "page.html"


@dataclass(frozen=True)
class Fetched:
    """What became of one address: the file, or why there is none."""

    address: Address
    path: Path | None
    problem: str | None = None


@dataclass(frozen=True)
class Patience:
    """How long to wait for a server, and how often to come back.

    Attributes:
        tries: attempts at one file in all; those that brought new bytes do not count.
        timeout: seconds without a byte before an attempt is given up.
        backoff: seconds before the second attempt; doubled each time, unless the server says `Retry-After`.
        longest: the longest wait that a server may ask for, in seconds.
    """

    tries: int = 5
    timeout: float = 30.0
    backoff: float = 0.5
    longest: float = 120.0


def addresses(records: Iterable[Json]) -> list[Address]:
    """The pinned addresses of the openly licensed articles that are stored without text, each once."""
    by_url: dict[str, list[str]] = {}
    for record in records:
        url = (record.get("origin") or {}).get("url")
        if record["text"] is None and url and licences.is_open(record["license"]) and _is_pinned(record["origin"]):
            by_url.setdefault(url, []).append(record["id"])
    return [Address(url, tuple(ids)) for url, ids in sorted(by_url.items())]


def _is_pinned(origin: Json) -> bool:
    """Whether the address names one version for ever: it holds the commit, over a connection nobody can alter."""
    parts = urlsplit(origin["url"])
    secure = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
    return secure and origin["kind"] == "repository" and bool(origin["commit"]) and origin["commit"] in parts.path


def fetch(
    wanted: Iterable[Address], folder: Path, patience: Patience | None = None, progress: Progress | None = None
) -> Iterator[Fetched]:
    """Downloads each address into a folder of its own below `folder`, and yields what became of it.

    What is there already is not fetched again. A download that breaks off goes on where it stopped
    (HTTP range), in a later call too; a file is complete the moment it has its name. After a server
    cannot be reached at all, its other files are not tried.
    """
    patience = patience or Patience()
    unreachable: dict[str, str] = {}
    with urllib3.PoolManager(retries=False, timeout=patience.timeout) as pool:
        for address in wanted:
            host = urlsplit(address.url).netloc
            target = folder / hashlib.sha256(address.url.encode()).hexdigest()[:16] / address.name
            if target.is_file():
                yield Fetched(address, target)
            elif host in unreachable:
                yield Fetched(address, None, unreachable[host])
            else:
                try:
                    _download(pool, address, target, patience, progress)
                    yield Fetched(address, target)
                except _Unreachable as error:
                    unreachable[host] = str(error)
                    yield Fetched(address, None, str(error))
                except _Refused as error:
                    yield Fetched(address, None, str(error))


class _Refused(Exception):
    """The server answered, and the file is not to be had."""


class _Unreachable(Exception):
    """Nobody answers at that address."""


def _download(
    pool: urllib3.PoolManager, address: Address, target: Path, patience: Patience, progress: Progress | None
) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(target.name + ".part")
    failures, wait, problem, answered = 0, 0.0, "", False
    while failures < patience.tries:
        if failures:
            time.sleep(wait)
        wait = min(patience.backoff * 2**failures, patience.longest)
        before = part.stat().st_size if part.is_file() else 0
        try:
            response = _request(pool, address.url, before)
            answered = True
            if response.status in RETRY_STATUS:
                problem = f"the server answers {response.status}"
                wait = min(_retry_after(response) or wait, patience.longest)
                response.close()
            else:
                _receive(response, address, part, before, progress)
                part.replace(target)
                return
        except HTTPError as error:
            problem = _said(error)
        gained = part.is_file() and part.stat().st_size > before
        failures = 1 if gained else failures + 1
    if answered:
        raise _Refused(f"{address.url}: {problem} ({patience.tries} attempts)")
    host = urlsplit(address.url).netloc
    raise _Unreachable(f"{host} does not answer: {problem} ({patience.tries} attempts); are you offline?")


def _request(pool: urllib3.PoolManager, url: str, start: int) -> urllib3.BaseHTTPResponse:
    headers = {"User-Agent": "conflictwire", "Accept-Encoding": "identity"}
    if start:
        headers["Range"] = f"bytes={start}-"
    # Not redirected: a pinned address that sends us elsewhere is no longer pinned.
    return pool.request("GET", url, headers=headers, redirect=False, preload_content=False)


def _receive(
    response: urllib3.BaseHTTPResponse, address: Address, part: Path, start: int, progress: Progress | None
) -> None:
    """Appends the body to what is there, or begins again where the server does not go on from it."""
    if response.status == 416:  # what is there is as long as the file, or longer
        response.close()
        if response.headers.get("Content-Range") == f"bytes */{start}":
            return
        part.unlink()
        raise HTTPError("the file has changed since the download began")
    if response.status not in (200, 206):
        response.close()
        raise _Refused(f"{address.url}: the server answers {response.status}")
    going_on = response.status == 206 and response.headers.get("Content-Range", "").startswith(f"bytes {start}-")
    if response.status == 206 and not going_on:
        response.close()
        part.unlink(missing_ok=True)
        raise HTTPError("the server went on at the wrong place")
    done = start if going_on else 0
    length = response.headers.get("Content-Length", "")
    whole = done + int(length) if length.isdecimal() else None
    with part.open("ab" if going_on else "wb") as file:
        for chunk in response.stream(CHUNK):
            file.write(chunk)
            done += len(chunk)
            if done > MAX_FILE:
                file.close()
                part.unlink()
                raise _Refused(f"{address.url}: over {MAX_FILE // 2**20} MiB, more than any text here")
            if progress:
                progress(address, done, whole)
    if whole is not None and done < whole:
        raise HTTPError(f"it broke off after {done} of {whole} bytes")


def _retry_after(response: urllib3.BaseHTTPResponse) -> float | None:
    """Seconds that the server asks to wait, as a number or a date; None where it does not say."""
    value = response.headers.get("Retry-After")
    try:
        return max(0.0, urllib3.Retry().parse_retry_after(value)) if value else None
    except HTTPError:
        return None


def _said(error: HTTPError) -> str:
    """An HTTP error without the library's object names."""
    text = str(getattr(error, "reason", None) or error)
    return re.sub(r"^<?\w*(?:Connection|Pool)\b.*?\)>?: ", "", text) or type(error).__name__
