"""The pages of the help: texts in ``resources/help`` as titles and blocks, without any look.

A page is a small dialect of Markdown: ``# title``, the summary below it, ``## heading``, ``- item``, ``> source``,
``$$ LaTeX $$``, ``!figure name | caption``, ``!preset name | caption``; a line that is nothing but a link is an offer.
Inside of lines: ``*italic*``, ``**bold**``, code in backticks, ``[words](target)``.
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import cache

import msgspec

from odeplayground import assets


class BlockKind(StrEnum):
    """What a block of a page is."""

    HEADING = "heading"
    TEXT = "text"
    ITEM = "item"
    SOURCE = "source"
    FORMULA = "formula"
    FIGURE = "figure"
    PRESET = "preset"
    OFFER = "offer"


class Block(msgspec.Struct, frozen=True):
    """A piece of a page. ``target`` is the name of a figure or preset, or where an offer leads."""

    kind: BlockKind
    text: str
    target: str = ""


class Page(msgspec.Struct, frozen=True):
    """One page of the help."""

    key: str
    title: str
    summary: str
    blocks: tuple[Block, ...]

    @property
    def targets(self) -> tuple[str, ...]:
        """Where all its links and offers lead."""
        inside = [target for block in self.blocks for _, target in _LINK.findall(_CODE.sub("", block.text))]
        return (*inside, *(block.target for block in self.blocks if block.kind is BlockKind.OFFER))

    @property
    def words(self) -> str:
        """What a search looks in, in small letters."""
        return " ".join((self.title, self.summary, *(block.text for block in self.blocks))).lower()


_LINK = re.compile(r"\[([^\]]+)\]\(([^)]+)\)")
_CODE = re.compile(r"`([^`]+)`")
_FORMULA = re.compile(r"\$\$(.+)\$\$")
_PICTURE = re.compile(r"!(figure|preset)\s+(\S+)\s*\|\s*(.+)")


@cache
def pages() -> tuple[Page, ...]:
    """All pages, in the order in which to read them."""
    files = sorted(assets.help_pages().glob("*.md"))
    return tuple(_page(file.stem.partition("-")[2], file.read_text(encoding="utf-8")) for file in files)


def page(key: str) -> Page:
    """The page with this key.

    Raises:
        KeyError: there is none.
    """
    return {one.key: one for one in pages()}[key]


def parse_target(target: str) -> tuple[str, str, dict[str, float]]:
    """What a link asks for: its kind (page, preset or action), a name, and values of parameters.

    ``preset:van-der-pol?mu=5`` opens the preset and sets mu.
    """
    kind, _, rest = target.partition(":")
    name, _, values = rest.partition("?")
    pairs = (pair.split("=") for pair in values.split("&") if pair)
    return kind, name, {parameter: float(value) for parameter, value in pairs}


def rich(text: str) -> str:
    """A line as the HTML that Qt's labels know."""
    for plain, escaped in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        text = text.replace(plain, escaped)
    codes: list[str] = []

    def keep(match: re.Match[str]) -> str:
        codes.append(match[1])
        return f"\0{len(codes) - 1}\0"

    text = _CODE.sub(keep, text)
    text = re.sub(r"\*\*([^*]+)\*\*", r'<span style="font-weight:600">\1</span>', text)
    text = re.sub(r"\*([^*]+)\*", r"<i>\1</i>", text)
    text = _LINK.sub(r'<a href="\2">\1</a>', text)
    return re.sub("\0(\\d+)\0", lambda match: f"<code>{codes[int(match[1])]}</code>", text)


def _page(key: str, text: str) -> Page:
    lines = [line.strip() for line in text.splitlines()]
    title, summary, *rest = (line for line in lines if line)
    return Page(key, title.removeprefix("# "), summary, tuple(_block(line) for line in rest))


def _block(line: str) -> Block:
    if line.startswith("## "):
        return Block(BlockKind.HEADING, line[3:])
    if line.startswith("- "):
        return Block(BlockKind.ITEM, line[2:])
    if line.startswith("> "):
        return Block(BlockKind.SOURCE, line[2:])
    if formula := _FORMULA.fullmatch(line):
        return Block(BlockKind.FORMULA, formula[1].strip())
    if picture := _PICTURE.fullmatch(line):
        return Block(BlockKind(picture[1]), picture[3], picture[2])
    if offer := _LINK.fullmatch(line):
        return Block(BlockKind.OFFER, offer[1], offer[2])
    return Block(BlockKind.TEXT, line)
