"""Adding in several processes, and being killed while at it."""

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from installed import environment
from made_up_models import opened, write_pictures

HERE = Path(__file__).parent
# Adds a folder, and says so as soon as it has begun.
ADDING = """
import sys
from made_up_models import opened
with opened(sys.argv[1], detectors=("corner",), concept_models=("light",), workers=1) as photos:
    print("ready", flush=True)
    report = photos.add(sys.argv[2], progress=False)
    print(report.added, report.skipped)
"""


def adding(store, folder):
    process = subprocess.Popen(
        [sys.executable, "-c", ADDING, str(store), str(folder)],
        stdout=subprocess.PIPE,
        env=environment(HERE, OMP_NUM_THREADS="1"),
        text=True,
    )
    assert process.stdout.readline() == "ready\n"
    return process


def everything(photos):
    """What there is, by the name of the file, without anything that depends on when it was written."""
    snapshot, store = photos.snapshot(), photos._resources.store
    regions = store.regions.by_key(snapshot.rows.key.tolist())
    said = {
        (one.input_id, one.box, one.source): dict(one.concepts)
        for one in store.annotations.on_regions(region.key for region in regions)
    }
    rows = sorted((photos[region.id.partition("/")[0]].uri, str(region.box)) for region in regions)
    return rows, said, len(snapshot.spaces["colors@1"].rows)


def test_killed_at_any_moment_it_goes_on_where_it_was(tmp_path):
    pictures = tmp_path / "pictures"
    write_pictures(pictures, 150)
    with opened(detectors=("corner",), concept_models=("light",)) as photos:
        photos.add(pictures, progress=False)
        expected = everything(photos)
    chance = random.Random(0)
    seen = []
    for _ in range(3):
        process = adding(tmp_path / "p.db", pictures)
        time.sleep(chance.uniform(0, 0.4))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        with opened(tmp_path / "p.db", detectors=("corner",), concept_models=("light",)) as photos:
            assert photos.check() == []
            rows, said, embedded = everything(photos) if len(photos) else ([], {}, 0)
            # Whole inputs only: each with its region, both embedded, both annotated, and nothing twice.
            assert len(rows) == len(set(rows)) == len(said) == embedded == 2 * len(photos)
            seen.append(len(photos))
    assert seen == sorted(seen)
    with opened(tmp_path / "p.db", detectors=("corner",), concept_models=("light",)) as photos:
        report = photos.add(pictures, progress=False)
        assert (report.added, report.skipped) == (150 - seen[-1], seen[-1])
        assert (everything(photos), photos.check()) == (expected, [])


def test_two_processes_add_the_same_pictures_once(tmp_path):
    pictures = tmp_path / "pictures"
    write_pictures(pictures, 100)
    both = [adding(tmp_path / "p.db", pictures) for _ in range(2)]
    told = [process.communicate(timeout=60)[0].split() for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert sum(int(added) for added, _ in told) == 100
    assert [int(added) + int(skipped) for added, skipped in told] == [100, 100]
    with opened(tmp_path / "p.db", detectors=("corner",), concept_models=("light",)) as photos:
        rows, said, embedded = everything(photos)
        assert (len(photos), len(rows), len(said), embedded, photos.check()) == (100, 200, 200, 200, [])
