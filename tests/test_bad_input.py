"""Bad input of every kind, through an open collection: indexed properly or refused with its reason; the rest go on."""

import csv
import io
import os
import struct
import threading
import time
import zlib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from made_up_models import opened, write_pictures
from PIL import Image

import toolkit
from toolkit.cli import main
from toolkit.errors import ContractError, InputError, NotIndexedError, QueryError, UnknownNameError
from toolkit.images import encode_png
from toolkit.testing import pictures
from toolkit.values.types import Box

NASTY = Path(__file__).parents[1].parent / "shared" / "nasty-dev"


def encoded(image, format, **options):
    buffer = io.BytesIO()
    image.save(buffer, format, **options)
    return buffer.getvalue()


PHOTO = Image.effect_noise((640, 480), 60).convert("RGB")
JPEG = encoded(PHOTO, "JPEG")
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.fixture
def photos():
    with opened() as collection:
        yield collection


class TestFilesThatAreRefused:
    @pytest.mark.parametrize(
        ("name", "content", "reason"),
        [
            ("empty.jpg", b"", "the file is empty"),
            ("truncated.jpg", JPEG[: len(JPEG) // 2], "cut short"),
            ("head.jpg", JPEG[:200], "cut short"),
            ("svg.jpg", SVG, "SVG files are not opened"),
            ("page.jpg", b"<!doctype html><html>404", "HTML files are not opened"),
            ("text.png", b"hello", "not a picture in a known format"),
            ("zeros.jpg", bytes(4096), "not a picture in a known format"),
        ],
    )
    def test_one_is_recorded_with_its_reason_and_the_rest_go_on(
        self, photos, tmp_path, name, content, reason
    ):
        write_pictures(tmp_path, 2)
        (tmp_path / name).write_bytes(content)
        report = photos.add(tmp_path)
        assert (report.added, [failure.uri for failure in report.failed]) == (2, [str(tmp_path / name)])
        assert report.failed[0].reason.startswith(reason)
        assert (photos.info()["failed"], photos.check()) == (1, [])

    def test_a_decompression_bomb_is_not_decoded(self, tmp_path):
        header = b"IHDR" + struct.pack(">IIBBBBB", 30_000, 30_000, 1, 0, 0, 0, 0)
        small = encoded(Image.new("1", (8, 8)), "PNG")
        bomb = small[:12] + header + struct.pack(">I", zlib.crc32(header)) + small[33:]
        (tmp_path / "bomb.png").write_bytes(bomb)
        with opened() as photos:
            (failure,) = photos.add(tmp_path).failed
        assert failure.reason == "30000 x 30000 pixels, over the limit of 200000000; not decoded"

    def test_a_file_over_the_limit_is_not_read(self, tmp_path):
        write_pictures(tmp_path, 1)
        with opened(max_bytes=100) as photos:
            (failure,) = photos.add(tmp_path).failed
        assert failure.reason.endswith("bytes, over the limit of 100")

    def test_a_file_that_is_not_there(self, photos, tmp_path):
        (path,) = write_pictures(tmp_path, 1)
        report = photos.add([path, tmp_path / "nothing.jpg"])
        assert (report.added, report.failed[0].reason) == (1, "no such file or directory")

    @pytest.mark.skipif(os.geteuid() == 0, reason="file permissions do not bind root")
    def test_a_file_that_may_not_be_read(self, photos, tmp_path):
        (path,) = write_pictures(tmp_path, 1)
        path.chmod(0)
        (failure,) = photos.add(tmp_path).failed
        assert failure.reason == "permission denied"

    def test_a_pipe_is_not_waited_for(self, photos, tmp_path):
        os.mkfifo(tmp_path / "pipe.jpg")
        (failure,) = photos.add(tmp_path).failed
        assert failure.reason == "not a regular file"


class TestFilesThatAreOpened:
    def mean(self, photos, path):
        """The mean color that was embedded, as a direction."""
        photos.add(path)
        snapshot = photos.snapshot()
        return photos.find(path), snapshot.spaces["colors@1"].vectors[-1] * 3**0.5

    def save(self, tmp_path, name, image, format, **options):
        path = tmp_path / name
        path.write_bytes(encoded(image, format, **options))
        return path

    def test_a_wrong_extension(self, photos, tmp_path):
        found, _ = self.mean(photos, self.save(tmp_path, "a.png", PHOTO, "JPEG"))
        assert (found.width, found.height) == (640, 480)

    def test_an_animated_gif_by_its_first_frame(self, photos, tmp_path):
        frames = [Image.new("RGB", (40, 30), color) for color in ("red", "lime", "blue")]
        path = self.save(tmp_path, "a.gif", frames[0], "GIF", save_all=True, append_images=frames[1:])
        _, mean = self.mean(photos, path)
        assert mean[0] > 1.7

    def test_cmyk(self, photos, tmp_path):
        path = self.save(tmp_path, "a.jpg", Image.new("CMYK", (40, 30), (255, 0, 255, 0)), "JPEG")
        _, mean = self.mean(photos, path)
        assert mean[1] > 1.5

    def test_sixteen_bits(self, photos, tmp_path):
        gray = Image.fromarray(np.full((30, 40), 40_000, np.uint16))
        _, mean = self.mean(photos, self.save(tmp_path, "a.png", gray, "PNG"))
        np.testing.assert_allclose(mean, 1, atol=1e-5)

    def test_a_palette_with_transparency_on_white(self, photos, tmp_path):
        image = Image.new("P", (40, 30))
        image.putpalette([255, 0, 0])
        _, mean = self.mean(photos, self.save(tmp_path, "a.png", image, "PNG", transparency=0))
        np.testing.assert_allclose(mean, 1, atol=1e-5)

    @pytest.mark.parametrize(
        ("orientation", "size"), [(1, (40, 30)), (3, (40, 30)), (6, (30, 40)), (8, (30, 40))]
    )
    def test_a_rotated_one_upright(self, photos, tmp_path, orientation, size):
        exif = Image.Exif()
        exif[0x0112] = orientation
        found, _ = self.mean(photos, self.save(tmp_path, "a.jpg", PHOTO.resize((40, 30)), "JPEG", exif=exif))
        assert (found.width, found.height) == photos.image(found.id).size == size
        assert Image.open(io.BytesIO(photos.thumbnail(found.id))).size == size


HOSTILE = {
    "newline": "two\nlines.png",
    "escape": "\x1b[31mred\x07.png",
    "quotes": 'it\'s "quoted".png',
    "markup": "<script>alert(1)<&#47;script>.png",
    "dash": "-rf.png",
    "bidi": "photo\u202egnp.exe.png",
    "bytes": os.fsdecode(b"\xff\xfe-caf\xe9.png"),
    "percent": "100%20%zz#a?b=c.png",
    "nfc": "caf\u00e9.png",
    "nfd": "cafe\u0301.png",
    "wide": "犬と猫🐕.png",
    "long": "x" * 200 + ".png",
    "blanks": " a  b .png",
    "glob": "a[1]*.png",
}


class TestHostileNames:
    @pytest.fixture
    def folder(self, tmp_path):
        folder = tmp_path / "<b>pictures"
        folder.mkdir()
        for number, name in enumerate(HOSTILE.values()):
            Image.new("RGB", (20 + number, 10), (10 * number, 80, 90)).save(os.fsencode(folder / name), "PNG")
        return folder

    def test_every_file_is_added_once_and_found_again(self, folder, tmp_path):
        with opened(tmp_path / "p.db") as photos:
            assert photos.add(folder).added == len(HOSTILE)
        with opened(tmp_path / "p.db") as photos:
            report = photos.add(folder)
            assert (report.added, report.skipped, report.failed) == (0, len(HOSTILE), ())
            for number, name in enumerate(HOSTILE.values()):
                found = photos.find(folder / name)
                assert (found.width, photos.image(found.id).width) == (20 + number, 20 + number)
            assert all(photos[id].uri.encode() for id in photos)

    def test_they_can_be_indexed_again_and_seen_to_change(self, folder, tmp_path):
        with opened(tmp_path / "p.db") as photos:
            photos.add(folder)
            report = photos.index(embedder="size")
            assert (report.indexed, report.failed) == (len(HOSTILE), ())
            for name in HOSTILE.values():
                Image.new("RGB", (5, 5), "red").save(os.fsencode(folder / name), "PNG")
            report = photos.add(folder)
            assert (report.added, report.skipped) == (1, len(HOSTILE) - 1)

    def test_one_by_one_they_are_files_and_no_patterns(self, folder):
        with opened() as photos:
            for name in HOSTILE.values():
                assert photos.add(folder / name).added == 1

    def test_on_a_page_they_are_text(self, folder):
        with opened() as photos:
            photos.add(folder)
            text = photos.search(photos.terms.where(region=False), limit=99).html()
        assert text.encode("utf-8")
        assert "<script" not in text and "<b>pictures" not in text
        assert "\x1b" not in text and "\u202e" not in text
        assert "犬と猫🐕.png" in text

    def test_on_the_command_line_they_are_one_line_without_controls(self, folder, tmp_path):
        bad = folder / "bad\n\x1b[2J\u202e.jpg"
        bad.write_bytes(b"")

        def run(*arguments):
            result = CliRunner().invoke(main, list(map(str, arguments)))
            shown = result.stdout + result.stderr
            assert [c for c in shown if not c.isprintable() and c != "\n"] == []
            return result

        store = tmp_path / "p.db"
        added = run("add", store, folder)
        assert (added.exit_code, len(added.stdout.splitlines())) == (1, 2)
        run("add", store, folder, "--json")
        assert (
            len(run("search", store, "where[region=false]", "-n", 99).stdout.splitlines()) == len(HOSTILE) + 2
        )
        run("search", store, "concept:bright", "--explain", "--json")
        for name in HOSTILE.values():
            assert run("label", store, "porch", folder / name).exit_code == 0
        missing = run("label", store, "porch", folder / "no\nsuch\x1b.png")
        assert (missing.exit_code, len(missing.stderr.splitlines())) == (1, 1)


@pytest.mark.skipif(not NASTY.exists(), reason="the collection of nasty files is not here")
def test_a_folder_of_nasty_files_is_added_whole(tmp_path):
    with (NASTY / "manifest.csv").open(encoding="utf-8", newline="") as file:
        manifest = {row["file"]: row for row in csv.DictReader(file)}
    files = NASTY / "files"
    with opened(tmp_path / "p.db") as photos:
        report = photos.add([files / name for name in manifest])
        assert photos.check() == []
        failed = {str(Path(failure.uri).relative_to(files)) for failure in report.failed}
        readable = {name for name, row in manifest.items() if row["pillow_load"] == "ok"}
        not_opened = {name for name in readable if name.endswith((".ico", ".qoi", ".psd", ".jp2"))}
        assert failed == set(manifest) - readable | not_opened
        assert all(failure.reason for failure in report.failed)
        assert report.added + report.skipped + len(failed) == len(manifest)
        for name in readable - not_opened:
            found = photos.find(files / name)
            assert f"{found.width}x{found.height}" == manifest[name]["upright_size"]
        again = photos.add([files / name for name in manifest])
        assert (again.added, again.skipped, again.failed) == (0, report.added + report.skipped, report.failed)


class _Server(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/slow":
            time.sleep(1)
        if self.path == "/elsewhere":
            self.send_response(302)
            self.send_header("Location", "http://169.254.169.254/latest")
            self.end_headers()
            return
        self.send_response(404 if self.path == "/gone" else 200)
        self.end_headers()
        self.wfile.write(JPEG if self.path == "/large" else b"<html>not a picture")

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def address():
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Server)
    server.handle_error = lambda *_: None  # who asks for the slow page hangs up
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


class TestAddresses:
    @pytest.mark.parametrize(
        ("page", "reason"),
        [
            ("gone", "404"),
            ("slow", "no complete answer within 0.2 seconds"),
            ("page", "HTML files are not opened"),
            ("elsewhere", "169.254.169.254 is not a public address"),
            ("large", "1000 bytes"),
        ],
    )
    def test_one_that_fails_is_reported_when_adding_and_when_ranking(self, address, page, reason):
        with opened(allow_urls=(address,), url_timeout=0.2, max_bytes=1000) as photos:
            photos.add(np.zeros((9, 9, 3), np.uint8))
            report = photos.add([address + page, pictures(1)[0]])
            assert (report.added, len(report.failed)) == (1, 1)
            assert reason in report.failed[0].reason
            with pytest.raises(InputError, match=reason):
                photos.search(photos.terms.image(address + page))

    @pytest.mark.parametrize(
        "url", ["file:///etc/passwd", "ftp://host/a.jpg", "sftp://host/a.jpg", "http://[x/a.jpg"]
    )
    def test_one_of_a_scheme_that_no_plugin_opens(self, photos, url):
        (failure,) = photos.add(url).failed
        assert failure.uri == url
        assert "no plugin opens" in failure.reason or "http" in url


@pytest.fixture(scope="module")
def ranked():
    with opened(concept_models=("light",)) as photos:
        photos.add(pictures(4))
        yield photos


class TestQueries:
    @pytest.mark.parametrize(
        ("query", "error", "message"),
        [
            (lambda t: t.concept("nothing"), UnknownNameError, "no concept named 'nothing'"),
            (lambda t: t.input("nothing"), UnknownNameError, "no input named 'nothing'"),
            (lambda t: t.region("nothing"), UnknownNameError, "no region named 'nothing'"),
            (lambda t: t.embedding([float("nan"), 0, 0]), QueryError, "finite"),
            (lambda t: t.embedding([0, 0, 0]), QueryError, "not all zero"),
            (lambda t: t.embedding([1, 0]), QueryError, "has 3 numbers, not 2"),
            (lambda t: t.concept("bright", value=1.5), QueryError, "1.5"),
            (lambda t: t.image(b"not a picture"), InputError, "not a picture"),
            (lambda t: t.image(b""), QueryError, "not b''"),
            (lambda t: t.image("/nowhere/a.jpg"), InputError, "no such file"),
            (lambda t: t.image(pictures(1)[0], space="timm"), NotIndexedError, "no 'timm' embeddings here"),
            (lambda t: "", QueryError, "found the end"),
            (lambda t: {}, QueryError, "expected exactly one of term"),
            (lambda t: 7, QueryError, "a query is an expression"),
        ],
    )
    def test_one_that_cannot_be_ranked_says_why(self, ranked, query, error, message):
        before = ranked.info()
        with pytest.raises(error, match=message):
            ranked.search(query(ranked.terms))
        assert ranked.info() == before

    @pytest.mark.parametrize(
        "arguments", [{"limit": 0}, {"limit": -1}, {"offset": -1}, {"minimum": 2.0}, {"level": "picture"}]
    )
    def test_a_window_that_cannot_be(self, ranked, arguments):
        with pytest.raises(QueryError):
            ranked.search(ranked.terms.concept("bright"), **arguments)

    def test_a_huge_limit_is_all_there_is(self, ranked):
        assert len(ranked.search(ranked.terms.concept("bright"), limit=10**12)) == 4

    @pytest.mark.parametrize("sides", [(0, 0, 2, 1), (0.5, 0, 0.5, 1), (1, 1, 0, 0)])
    def test_a_box_that_is_none(self, ranked, sides):
        with pytest.raises(QueryError):
            ranked.search(ranked.terms.image(pictures(1)[0], box=sides))
        with pytest.raises(QueryError):
            ranked.add_region(next(iter(ranked)), Box(*sides))

    @pytest.mark.parametrize(
        ("answer", "rule"),
        [
            (lambda n: np.zeros(n + 1, np.float32), "shape"),
            (lambda n: np.full(n, 2, np.float32), "0"),
            (lambda n: None, "NumPy array"),
            (lambda n: 1 / 0, "ZeroDivisionError"),
        ],
    )
    def test_a_ranker_that_raises_or_returns_no_scores_is_named(self, ranked, answer, rule):
        class Bad:
            name, is_filter, help, parameters = "bad", False, "", ()

            def rank(self, term, snapshot, context):
                return answer(len(snapshot.rows))

        ranked.registry.add(Bad())
        with pytest.raises(ContractError, match=f"ranker 'bad'.*{rule}"):
            ranked.search(ranked.terms.bad())


def test_and_or_not_name_the_right_operators():
    from toolkit.terms import concept

    for wrong in (lambda: concept("a") and concept("b"), lambda: not concept("a")):
        with pytest.raises(QueryError, match=r"[&|~]"):
            wrong()


def test_a_collection_of_one_bad_picture_can_be_searched():
    with toolkit.open() as photos:
        photos.add(encode_png(pictures(1)[0])[:50])
        assert (len(photos), len(photos.search(photos.terms.where(region=False)))) == (0, 0)
