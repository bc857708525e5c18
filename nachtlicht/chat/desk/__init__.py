"""The desk's side of a talk: the queue, the view with its card, and the verbs of a counsellor."""

from nachtlicht.chat.desk.acts import (
    claim_handoff,
    end_talk,
    give_back,
    heartbeat,
    resume_talk,
    write_as_counsellor,
)
from nachtlicht.chat.desk.block import HOURS, block_talk
from nachtlicht.chat.desk.card import Answer, Card, Part, Quote, Said, Signal, make_card
from nachtlicht.chat.desk.closing import MAX_CATEGORIES, CloseForm, close_handoff
from nachtlicht.chat.desk.errors import (
    DeskError,
    FormRefused,
    HandoffTaken,
    LineRefused,
    OfferGone,
    TalkNotYours,
    TalkOver,
)
from nachtlicht.chat.desk.notes import Note, add_note
from nachtlicht.chat.desk.queue import DeskNow, Mine, QueueView, Waiting, label, queue
from nachtlicht.chat.desk.transfer import (
    accept_offer,
    offer_handoff,
    transfer_to_desk,
    withdraw_offer,
)
from nachtlicht.chat.desk.view import TalkView, view

__all__ = [
    "HOURS",
    "MAX_CATEGORIES",
    "Answer",
    "Card",
    "CloseForm",
    "DeskError",
    "DeskNow",
    "FormRefused",
    "HandoffTaken",
    "LineRefused",
    "Mine",
    "Note",
    "OfferGone",
    "Part",
    "QueueView",
    "Quote",
    "Said",
    "Signal",
    "TalkNotYours",
    "TalkOver",
    "TalkView",
    "Waiting",
    "accept_offer",
    "add_note",
    "block_talk",
    "claim_handoff",
    "close_handoff",
    "end_talk",
    "give_back",
    "heartbeat",
    "label",
    "make_card",
    "offer_handoff",
    "queue",
    "resume_talk",
    "transfer_to_desk",
    "view",
    "withdraw_offer",
    "write_as_counsellor",
]
