"""The trained risk model reads a talk: pieces add up, and nothing is danger twice."""

import pytest

from nachtlicht.encoder import RiskClassifier
from nachtlicht.release import Release
from tests.support.release import built_release


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    release = Release.current(built_release(tmp_path_factory.mktemp("model")))
    return RiskClassifier.load(release.risk_model_path)


@pytest.mark.parametrize("after", ["stop", "oke", "hoe laat zijn jullie open", "dankjewel"])
def test_what_follows_danger_is_no_new_danger(model, after):
    """The line before keeps its level; the line after it has its own."""
    before = "hij heeft me vannacht verkracht en hij is hier nog in huis"

    assert model.level(model.judge([before])) == "acute"
    assert model.level(model.judge([before, after])) == "none"


def test_danger_told_in_pieces_is_seen(model):
    pieces = ["hij was weer zo boos", "op mij", "en nu zit ik op de wc, hij staat voor de deur"]

    assert model.level(model.judge(pieces)) in ("urgent", "acute")
