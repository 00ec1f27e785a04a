"""As much of S3 as storage asks for, over HTTP as its clients speak it (path-style, REST API 2006).

Objects live in memory. A body whose hash is not the one in its signed header is refused, as S3
does; so is a request without a signature.
"""

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

XMLNS = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"'


class Bucket:
    """What one server keeps: objects by their path `/bucket/key`, and what was asked of it."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        self.asked: list[tuple[str, str]] = []
        self.keeps = slice(None)
        """How much of what it is given it keeps: a server that loses bytes."""


class Handler(BaseHTTPRequestHandler):
    """One request of the REST API."""

    protocol_version = "HTTP/1.1"
    bucket: Bucket

    def log_message(self, *_: object) -> None:
        """Stay silent."""

    @property
    def place(self) -> str:
        return unquote(urlsplit(self.path).path)

    def parse_request(self) -> bool:
        if not super().parse_request():
            return False
        self.bucket.asked.append((self.command, self.place))
        if "AWS4-HMAC-SHA256" not in self.headers.get("Authorization", ""):
            self._fail(403, "AccessDenied")
            return False
        return True

    def do_PUT(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        said = self.headers.get("x-amz-content-sha256", "")
        if said.startswith("STREAMING-"):
            body = dechunk(body)
        elif said != "UNSIGNED-PAYLOAD" and said != hashlib.sha256(body).hexdigest():
            self._fail(400, "XAmzContentSHA256Mismatch")
            return
        self.bucket.objects[self.place] = body[self.bucket.keeps]
        self._answer(200, headers={"ETag": etag(body)})

    def do_GET(self) -> None:
        if self.place.count("/") == 1 or self.place.endswith("/"):
            self._list()
        elif (content := self.bucket.objects.get(self.place)) is None:
            self._fail(404, "NoSuchKey")
        else:
            self._answer(200, content, {"ETag": etag(content)})

    def do_HEAD(self) -> None:
        content = self.bucket.objects.get(self.place)
        if self.place.count("/") > 1 and content is None:
            self._fail(404, "NoSuchKey")
        else:
            self._answer(200, content or b"", {"ETag": etag(content or b"")})

    def do_DELETE(self) -> None:
        self.bucket.objects.pop(self.place, None)
        self._answer(204)

    def _list(self) -> None:
        """List objects, version 2: all on one page, folded at the delimiter."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
        prefix, delimiter = asked.get("prefix", ""), asked.get("delimiter", "")
        name = self.place.strip("/")
        contents, folders = [], set()
        for place, content in sorted(self.bucket.objects.items()):
            key = place.removeprefix(f"/{name}/")
            if key == place or not key.startswith(prefix):
                continue
            rest = key.removeprefix(prefix)
            if delimiter and delimiter in rest:
                folders.add(prefix + rest.partition(delimiter)[0] + delimiter)
                continue
            contents.append(
                f"<Contents><Key>{escape(key)}</Key><Size>{len(content)}</Size>"
                f"<ETag>{etag(content)}</ETag><LastModified>2026-11-02T09:00:00.000Z"
                "</LastModified><StorageClass>STANDARD</StorageClass></Contents>"
            )
        common = "".join(
            f"<CommonPrefixes><Prefix>{escape(folder)}</Prefix></CommonPrefixes>"
            for folder in sorted(folders)
        )
        self._answer(
            200,
            f"<ListBucketResult {XMLNS}><Name>{name}</Name><Prefix>{escape(prefix)}</Prefix>"
            f"<KeyCount>{len(contents) + len(folders)}</KeyCount><MaxKeys>1000</MaxKeys>"
            f"<IsTruncated>false</IsTruncated>{''.join(contents)}{common}"
            "</ListBucketResult>".encode(),
            {"Content-Type": "application/xml"},
        )

    def _fail(self, status: int, code: str) -> None:
        body = f"<Error><Code>{code}</Code><Message>{code}</Message></Error>".encode()
        self._answer(status, body, {"Content-Type": "application/xml"})

    def _answer(
        self, status: int, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Last-Modified", format_datetime(datetime.now(UTC), usegmt=True))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


def etag(content: bytes) -> str:
    return f'"{hashlib.md5(content, usedforsecurity=False).hexdigest()}"'


def dechunk(body: bytes) -> bytes:
    """Put an `aws-chunked` body together; its trailers are left."""
    content, rest = b"", body
    while rest:
        head, _, rest = rest.partition(b"\r\n")
        size = int(head.partition(b";")[0], 16)
        if not size:
            break
        content, rest = content + rest[:size], rest[size + 2 :]
    return content


@contextmanager
def serving() -> Iterator[tuple[str, Bucket]]:
    """Serve on a port of its own; yields the address and what the server keeps."""
    bucket = Bucket()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Serving", (Handler,), {"bucket": bucket}))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", bucket
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def environment(address: str) -> dict[str, str]:
    """Return what the client of S3 reads from the environment."""
    return {
        "AWS_ENDPOINT_URL_S3": address,
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_DEFAULT_REGION": "eu-south-1",
    }
