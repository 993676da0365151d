"""The page on teams holds, on a server of the tests."""

import pages


def test_the_blocks_of_docs_team_md_run_in_order(tmp_path, monkeypatch, server_url):
    pages.make_home(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    text = pages.written("docs/team.md").replace(
        "postgresql://ann@db.example.org/pictures?", f"{server_url}&"
    )
    monkeypatch.setattr(pages, "written", lambda page: text)
    names = {}
    printed = pages.run("docs/team.md", names)
    names["photos"].close()
    assert "schema=birds" in printed[0]
