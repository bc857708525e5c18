"""The routes as pictures: each text a box, each intent a line."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree

from nachtlicht.content.picture import draw_routes

SVG = "{http://www.w3.org/2000/svg}"


def test_a_picture_for_each_file_of_stories(room, tmp_path):
    """Every text that a rule reaches stands in it, with what leads there; and one of all."""
    picture, overview = draw_routes(room.sources(), tmp_path / "pictures")

    assert (picture.name, overview.name) == ("groet.svg", "routes.svg")
    assert {"groet", "stop", "Hoi. Fijn dat je er bent. Bel gerust"} <= words(picture)
    assert lines(picture) == 2
    assert {"groet", "groet, stop"} <= words(overview)


def test_what_an_editor_writes_is_text(room, tmp_path):
    """A sign that means something in XML does not break the picture."""
    room.change("responses/groet.yml", "Hoi.", "Hoi <jij> & ik.")

    picture, _ = draw_routes(room.sources(), tmp_path)

    assert "Hoi <jij>" in "".join(ElementTree.parse(picture).getroot().itertext())


def test_a_second_text_without_an_answer_is_drawn_after_the_first(room, tmp_path):
    """A rule may say two texts in a row."""
    room.change(
        "stories/groet.yml",
        "- action: utter_groet",
        "- action: utter_groet\n      - action: utter_bot_stil",
    )

    picture, _ = draw_routes(room.sources(), tmp_path)

    assert {"bot_stil", "meteen daarna"} <= words(picture)
    assert lines(picture) == 3


def test_a_text_is_drawn_once_and_other_ways_to_it_are_told(room, tmp_path):
    """The shortest way is a line; from elsewhere the box itself says where an answer leads."""
    room.write(
        "stories/weg.yml",
        """rules:
  - rule: stop na groet
    steps: [{action: utter_groet}, {or: [{intent: stop}, {intent: groet}]}, {action: utter_stop}]
  - rule: stop na stilte
    steps: [{action: utter_bot_stil}, {intent: stop}, {action: utter_stop}]
""",
    )

    _, picture, _ = draw_routes(room.sources(), tmp_path)

    assert {"uit een andere route, of bij gevaar", "stop, groet", "stop → stop"} <= words(picture)
    assert lines(picture) == 3


def test_what_is_filled_in_later_is_named(room, tmp_path):
    """Not as brackets that nobody sees on the page."""
    picture, _ = draw_routes(room.sources(), tmp_path)

    told = "".join(ElementTree.parse(picture).getroot().itertext())
    assert "‹altijd.telefoon›" in told
    assert "[[" not in told


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

    _, picture, _ = draw_routes(room.sources(), tmp_path)

    assert lines(picture) == 2
    assert "groet → groet" in words(picture)


def words(picture):
    """Every line of text in a picture."""
    root = ElementTree.parse(picture).getroot()
    return {(text.text or "").strip() for text in root.iter(f"{SVG}text")}


def lines(picture):
    """How many lines join its boxes."""
    return len(list(ElementTree.parse(picture).getroot().iter(f"{SVG}path")))
