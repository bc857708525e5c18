"""Encryption of fields: the envelope, the place it is bound to, and the master key above it."""

import base64
import dataclasses

import pytest

from nachtlicht.settings import Settings
from nachtlicht.store import DataKey, Keyring, MasterKeyError, SealError, create_master_key
from nachtlicht.store.crypto import place

KEY = DataKey(bytes(range(32)))
NONCE = bytes(range(12))
WHERE = place("message", "text", "5b0c")
# Known answer: version 1, the key's id, the nonce, then AES-256-GCM of "hallo" and its tag, with
# the additional data 01 + key id + "message/text/5b0c". Computed apart from our code, with the
# block cipher itself, so that a change of format cannot pass unseen.
KNOWN = "0159af40df000102030405060708090a0b2f63ba77aaf849c08813958b7332e6bd4762e53cf5"


def test_the_envelope_of_a_known_key_nonce_and_text_never_changes():
    """What is in databases and backups today must be readable tomorrow."""
    box = KEY.seal(b"hallo", WHERE, nonce=NONCE)

    assert box.hex() == KNOWN
    assert KEY.open(bytes.fromhex(KNOWN), WHERE) == b"hallo"


def test_two_boxes_of_one_text_differ():
    """The nonce is random: equal texts cannot be told from their boxes."""
    assert KEY.seal(b"ja", WHERE) != KEY.seal(b"ja", WHERE)


@pytest.mark.parametrize(
    "where",
    [
        place("message", "text", "other"),
        place("message", "buttons", "5b0c"),
        place("event", "text", "5b0c"),
    ],
)
def test_a_box_that_was_moved_does_not_open(where):
    """The place (table, column, row) is authenticated."""
    with pytest.raises(SealError):
        KEY.open(KEY.seal(b"hallo", WHERE), where)


@pytest.mark.parametrize("index", [0, 1, 5, 17, -1])
def test_a_box_that_was_changed_does_not_open(index):
    """One flipped bit anywhere, version and key id included, is seen."""
    box = bytearray(KEY.seal(b"hallo", WHERE))
    box[index] ^= 1

    with pytest.raises(SealError):
        KEY.open(bytes(box), WHERE)


def test_an_empty_box_does_not_open():
    """A truncated field is an error, not an empty text."""
    with pytest.raises(SealError):
        KEY.open(b"", WHERE)


def test_the_errors_and_keys_do_not_tell_what_they_hold():
    """Neither the secret nor the text is in what may reach a log."""
    with pytest.raises(SealError) as refusal:
        DataKey.generate().open(KEY.seal(b"hallo", WHERE), WHERE)

    assert "hallo" not in str(refusal.value)
    assert repr(KEY) == "DataKey()"


def test_the_blind_index_ignores_case_and_spaces_but_needs_the_key():
    """A login is found however it is typed; without the key nothing can be looked up."""
    assert KEY.blind_index(" Sanne@Desk ") == KEY.blind_index("sanne@desk")
    assert KEY.blind_index("sanne@desk") != KEY.blind_index("sanne@desc")
    assert KEY.blind_index("sanne@desk") != DataKey.generate().blind_index("sanne@desk")


def test_a_new_master_key_is_readable_by_its_owner_only(tmp_path):
    """It is made once; a second call leaves it alone."""
    path = tmp_path / "deep" / "master.key"

    assert create_master_key(path) is True
    first = path.read_bytes()
    assert create_master_key(path) is False

    assert path.read_bytes() == first
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_key_file_that_others_can_read_is_refused(settings_with):
    """The sentence says how to mend it."""
    settings_with.master_key_file.chmod(0o640)

    with pytest.raises(MasterKeyError, match="chmod 600"):
        Keyring.load(settings_with)


@pytest.mark.parametrize("content", ["", "not base64!", base64.b64encode(b"short").decode()])
def test_a_broken_key_file_is_refused(settings_with, content):
    """Empty, not base64, or of another length: one sentence, without the content."""
    settings_with.master_key_file.write_text(content)

    with pytest.raises(MasterKeyError) as refusal:
        Keyring.load(settings_with)

    assert not content or content not in str(refusal.value)


def test_a_missing_key_file_is_named(settings_with):
    """The operator learns which file, and what else would do."""
    settings_with.master_key_file.unlink()

    with pytest.raises(MasterKeyError, match="NACHTLICHT_MASTER_KEY"):
        Keyring.load(settings_with)


def test_the_environment_goes_before_the_file(settings_with):
    """A key in the environment needs no file."""
    settings_with.master_key_file.unlink()
    key = base64.b64encode(bytes(32)).decode()

    ring = Keyring.load(dataclasses.replace(settings_with, master_key=key))

    assert ring.masters == (DataKey(bytes(32)),)


def test_after_a_rotation_the_old_key_still_opens_and_the_new_one_wraps():
    """Both stand in the ring, newest first, told apart by the id in the envelope."""
    old, new, data = DataKey.generate(), DataKey.generate(), DataKey.generate()
    box = Keyring((old,)).wrap(data, WHERE)

    ring = Keyring((new, old))

    assert ring.unwrap(box, WHERE) == data
    assert Keyring((new,)).unwrap(ring.wrap(data, WHERE), WHERE) == data
    with pytest.raises(SealError):
        Keyring((new,)).unwrap(box, WHERE)


@pytest.fixture
def settings_with(tmp_path):
    made = Settings(var=tmp_path, master_key_file=tmp_path / "master.key")
    create_master_key(made.master_key_file)
    return made
