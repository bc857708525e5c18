"""Takes the parts of a risk file one by one, and says in Dutch what is missing or wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from nachtlicht.content.issue import Issue
from nachtlicht.content.yaml_file import Entries, Mapping, line_of
from nachtlicht.risk import RiskLevel
from nachtlicht.risk.pattern import PatternError, parse_pattern
from nachtlicht.text import fold

THEMES = frozenset(
    [
        "afpersing",
        "beeld_verspreid",
        "beeld_van_ander",
        "naaktfoto_gevraagd",
        "grooming",
        "afspreken",
        "deepfake",
        "uitbuiting",
        "seksueel_geweld",
        "onveilig_thuis",
        "zelfdoding",
        "zelfbeschadiging",
        "somber",
        "eten",
        "eer_en_dwang",
        "pesten",
        "relatie",
        "zwanger",
        "weggelopen",
        "zorgen_over_zelf",
        "dader",
        "geen",
    ]
)
_PARTS = ("concepts", "risk_rules", "idioms", "questions", "plain_words")
_RULE_KEYS = ("code", "level", "theme", "why", "match", "must_match", "must_not_match")
_RULE_MAY = ("unless", "unless_near")
_RULE_SWITCH = "hint"
_CODE = re.compile(r"[a-z][a-z0-9_]*")
_REGEX_SIGNS = re.compile(r"[\\^$\[\]]|\.\*|\.\+|\)[*+?]|\?$")
LEAST_MUST, LEAST_MUST_NOT = 4, 3


class FieldReader:
    """Collects what the files hold and what is wrong with it."""

    def __init__(self) -> None:
        self.issues: list[Issue] = []
        self.concepts: dict[str, list[Any]] = {}
        self.concept_places: dict[str, tuple[Path, int]] = {}
        self.rules: list[dict[str, Any]] = []
        self.idioms: list[dict[str, Any]] = []
        self.questions: list[dict[str, Any]] = []
        self.plain_words: set[str] = set()
        self.examples: list[dict[str, Any]] = []
        self.trees: list[tuple[Path, int, Any]] = []
        self._codes: dict[str, tuple[Path, int]] = {}
        self._path = Path()

    def file(self, path: Path, content: Any) -> None:
        """Take all parts of one file."""
        self._path = path
        if not isinstance(content, Mapping):
            self._fault(1, "vorm", f"Verwacht een of meer van de koppen: {', '.join(_PARTS)}.")
            return
        for key in content:
            if key not in _PARTS:
                self._fault(line_of(content, key), "sleutel", f"De kop {key!r} bestaat niet.")
        concepts = content.get("concepts")
        if concepts and not isinstance(concepts, Mapping):
            self._fault(line_of(content, "concepts"), "vorm", "Hier horen namen met hun woorden.")
            concepts = None
        for name, patterns in (concepts or {}).items():
            self._concept(name, patterns, line_of(concepts, name))
        for part, take in (
            ("risk_rules", self._rule),
            ("idioms", self._idiom),
            ("questions", self._question),
        ):
            for entry in self._entries(content, part):
                take(entry)
        plain = content.get("plain_words")
        if plain and not isinstance(plain, Entries):
            self._fault(line_of(content, "plain_words"), "vorm", "Hier hoort een lijst woorden.")
            plain = None
        for word in plain or ():
            self.plain_words.update(fold(str(word)).text.split())

    def _entries(self, parent: Mapping, part: str) -> Iterator[Mapping]:
        """The entries under `part`; whatever else stands there is a fault."""
        for index, entry in enumerate(parent.get(part) or ()):
            if isinstance(entry, Mapping):
                yield entry
            else:
                self._fault(line_of(parent, part, index), "vorm", f"Dit is geen {part}-deel.")

    def _fault(self, line: int, rule: str, text: str) -> None:
        self.issues.append(Issue(self._path, line, rule, text))

    def _concept(self, name: str, patterns: Any, line: int) -> None:
        if not _CODE.fullmatch(name):
            self._fault(line, "begrip", f"{name!r} mag alleen kleine letters, cijfers en _ hebben.")
        if name in self.concepts:
            first = self.concept_places[name]
            text = f"Het begrip {name!r} bestaat al: {first[0].name}, regel {first[1]}."
            self._fault(line, "dubbel", text)
        self.concepts[name] = self._patterns(patterns, line, name)
        self.concept_places[name] = (self._path, line)

    def _patterns(self, patterns: Any, line: int, name: str) -> list[Any]:
        """The trees of a list of patterns; a long string counts as words in a row."""
        if isinstance(patterns, str):
            return [self._pattern(word, line) or ["w", "x"] for word in patterns.split()]
        if not isinstance(patterns, Entries) or not patterns:
            self._fault(line, "patroon", f"Onder {name!r} moet een lijst van patronen staan.")
            return []
        trees = []
        for index, pattern in enumerate(patterns):
            tree = self._pattern(str(pattern or ""), line_of(patterns, index))
            if tree is not None:
                trees.append(tree)
        return trees

    def _pattern(self, pattern: str, line: int) -> Any:
        if _REGEX_SIGNS.search(pattern):
            text = (
                f"{pattern!r} lijkt op een reguliere expressie. Die kennen de regels niet, omdat "
                "ze traag kunnen worden; zie data/risk/README.md."
            )
            self._fault(line, "patroon", text)
            return None
        try:
            tree = parse_pattern(pattern)
        except PatternError as error:
            self._fault(line, "patroon", f"Het patroon {pattern!r} klopt niet: {error}.")
            return None
        self.trees.append((self._path, line, tree))
        return tree

    def _rule(self, entry: Mapping) -> None:
        code = self._code(entry)
        for key in _RULE_KEYS:
            if not entry.get(key):
                self._fault(entry.line, "sleutel", f"Bij regel {code!r} ontbreekt {key!r}.")
        for key in entry:
            if key not in (*_RULE_KEYS, *_RULE_MAY, _RULE_SWITCH):
                text = f"Regel {code!r} heeft een onbekende sleutel {key!r}."
                self._fault(line_of(entry, key), "sleutel", text)
        self._level(entry)
        self._theme(entry)
        rule = {key: str(entry.get(key) or "") for key in ("level", "theme", "why")}
        lists = {
            key: self._patterns(entry[key], line_of(entry, key), key)
            for key in ("match", *_RULE_MAY)
            if entry.get(key)
        }
        hint = entry.get(_RULE_SWITCH)
        if hint not in (None, "ja"):
            text = f"Bij regel {code!r} kan achter 'hint' alleen 'ja' staan; laat het anders weg."
            self._fault(line_of(entry, _RULE_SWITCH), "sleutel", text)
        self.rules.append({"code": code, **rule, **lists, "hint": hint == "ja"})
        self._examples(entry, code)

    def _idiom(self, entry: Mapping) -> None:
        code = self._code(entry)
        match = self._patterns(entry.get("match"), line_of(entry, "match"), "match")
        self.idioms.append({"code": code, "match": match})
        self._examples(entry, code)

    def _examples(self, entry: Mapping, code: str) -> None:
        for key, least in (("must_match", LEAST_MUST), ("must_not_match", LEAST_MUST_NOT)):
            lines = entry.get(key)
            if not isinstance(lines, Entries) or len(lines) < least:
                text = f"Regel {code!r} heeft minstens {least} zinnen nodig onder {key!r}."
                self._fault(line_of(entry, key), key, text)
                continue
            for index, text in enumerate(lines):
                place = {"path": self._path, "line": line_of(lines, index)}
                must = key == "must_match"
                self.examples.append({"code": code, "text": str(text), "must": must, **place})

    def _question(self, entry: Mapping) -> None:
        code = self._code(entry)
        self._theme(entry)
        answers = []
        for answer in self._entries(entry, "answers"):
            for key in ("answer", "level", "why"):
                if not answer.get(key):
                    self._fault(answer.line, "sleutel", f"Bij een antwoord ontbreekt {key!r}.")
            self._level(answer)
            match = answer.get("match")
            trees = self._patterns(match, line_of(answer, "match"), "match") if match else []
            kept = {key: str(answer.get(key) or "") for key in ("answer", "level", "why")}
            answers.append({**kept, "match": trees, "explains": answer.get("explains") == "ja"})
        asked = self._patterns(entry.get("asked"), line_of(entry, "asked"), "asked")
        theme = str(entry.get("theme") or "")
        after = list(entry.get("after") or ())
        self.questions.append(
            {"code": code, "theme": theme, "asked": asked, "after": after, "answers": answers}
        )

    def _code(self, entry: Mapping) -> str:
        code = str(entry.get("code") or "")
        line = line_of(entry, "code")
        if not _CODE.fullmatch(code):
            self._fault(line, "code", f"De code {code!r} mag alleen kleine letters en _ hebben.")
        elif code in self._codes:
            first = self._codes[code]
            text = f"De code {code!r} bestaat al: {first[0].name}, regel {first[1]}."
            self._fault(line, "dubbel", text)
        else:
            self._codes[code] = (self._path, line)
        return code

    def _level(self, entry: Mapping) -> None:
        try:
            RiskLevel.from_label(str(entry.get("level") or ""))
        except ValueError:
            text = f"Het niveau {entry.get('level')!r} bestaat niet: none, concern, urgent, acute."
            self._fault(line_of(entry, "level"), "niveau", text)

    def _theme(self, entry: Mapping) -> None:
        if str(entry.get("theme") or "") not in THEMES:
            text = f"Het thema {entry.get('theme')!r} bestaat niet."
            self._fault(line_of(entry, "theme"), "thema", text)
