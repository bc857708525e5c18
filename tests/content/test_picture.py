"""The routes as pictures: each text a box, each intent a line."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree

from nachtlicht.content.picture import draw_routes

SVG = "{http://www.w3.org/2000/svg}"


def test_a_picture_for_each_file_of_stories(room, tmp_path):
    """Every text that a rule reaches stands in it, with what leads there."""
    (picture,) = draw_routes(room.sources(), tmp_path / "pictures")

    root = ElementTree.parse(picture).getroot()
    words = {"".join(text.itertext()).strip() for text in root.iter(f"{SVG}text")}
    assert picture.name == "groet.svg"
    assert {"groet", "stop", "Hoi. Fijn dat je er bent. Bel"} <= words
    assert len(list(root.iter(f"{SVG}path"))) == 2


def test_what_an_editor_writes_is_text(room, tmp_path):
    """A sign that means something in XML does not break the picture."""
    room.change("responses/groet.yml", "Hoi.", "Hoi <jij> & ik.")

    (picture,) = draw_routes(room.sources(), tmp_path)

    assert "Hoi <jij>" in "".join(ElementTree.parse(picture).getroot().itertext())


def test_a_loop_ends(room, tmp_path):
    """Two texts that lead to each other are drawn once each."""
    room.write(
        "stories/kring.yml",
        """rules:
  - rule: heen
    steps: [{action: utter_groet}, {intent: stop}, {action: utter_stop}]
  - rule: terug
    steps: [{action: utter_stop}, {intent: groet}, {action: utter_groet}]
""",
    )

    pictures = draw_routes(room.sources(), tmp_path)

    root = ElementTree.parse(pictures[1]).getroot()
    assert len(list(root.iter(f"{SVG}path"))) == 2
