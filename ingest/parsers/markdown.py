"""Markdown to an outline, by markdown-it-py (CommonMark with tables and front matter). Knows nothing of files."""

from collections.abc import Iterator
from html.parser import HTMLParser

import yaml
from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode
from mdit_py_plugins.front_matter import front_matter_plugin

from ingest.errors import GuideError
from ingest.parsers.outline import Outline, Parsed

MAX_NESTING = 200
"""Lists and quotes within each other. markdown-it drops what lies deeper than its own limit, 20, without a word."""
_MARKDOWN = (
    MarkdownIt("commonmark", {"maxNesting": MAX_NESTING}).enable(["table", "strikethrough"]).use(front_matter_plugin)
)


def parse_markdown(text: str) -> Parsed:
    """Front matter, headings, paragraphs, lists, tables and code; links and images give their words only.

    Raises:
        GuideError: the front matter is not YAML, or something lies deeper than can be read.
    """
    tokens = _MARKDOWN.parse(text)
    if any(token.level >= MAX_NESTING - 1 for token in tokens):
        raise GuideError(f"holds lists or quotes nested {MAX_NESTING} deep: make them flatter")
    tree = SyntaxTreeNode(tokens)
    builder = _Builder(sum(_is_title(node) for node in tree.children) == 1)
    for node in tree.children:
        builder.add(node)
    return builder.outline.finish(title=builder.metadata.get("title"), metadata=builder.metadata)


def _is_title(node: SyntaxTreeNode) -> bool:
    return node.type == "heading" and node.tag == "h1" and node.level == 0


class _Builder:
    def __init__(self, first_level_is_title: bool) -> None:
        self.outline = Outline()
        self.metadata: dict[str, str] = {}
        self._first_level_is_title = first_level_is_title
        self._groups = 0

    def add(self, node: SyntaxTreeNode) -> None:
        match node.type:
            case "front_matter":
                self.metadata = _front_matter(node.content)
            case "heading" if self._first_level_is_title and _is_title(node):
                self.outline.title(_words(node))
            case "heading":
                self.outline.heading(_words(node), int(node.tag[1:]))
            case "paragraph":
                self.outline.paragraph(_words(node))
            case "bullet_list" | "ordered_list":
                self._groups += 1
                self._list(node, self._groups, 0)
            case "table":
                self._groups += 1
                self._table(node, self._groups)
            case "fence" | "code_block":
                self.outline.code(node.content)
            case "html_block":
                self.outline.paragraph(_without_tags(node.content))
            case _:
                for child in node.children:
                    self.add(child)

    def _list(self, node: SyntaxTreeNode, group: int, depth: int) -> None:
        number = int(node.attrs.get("start", 1)) if node.type == "ordered_list" else None
        for item in node.children:
            mark = f"{number}. " if number is not None else ""
            for at, child in enumerate(item.children):
                if child.type == "paragraph":
                    self.outline.list_item(mark + _words(child), group=group, depth=depth, continued=at > 0)
                    mark = ""
                elif child.type in {"bullet_list", "ordered_list"}:
                    self._list(child, group, depth + 1)
                else:
                    self.add(child)
            number = number + 1 if number is not None else None

    def _table(self, node: SyntaxTreeNode, group: int) -> None:
        rows = [row for part in node.children for row in part.children]
        cells = [[_words(cell) for cell in row.children] for row in rows]
        columns, body = cells[0], cells[1:]
        if not body:
            self.outline.table_row(columns, group=group)
        for row in body:
            self.outline.table_row(row, columns=columns, group=group)


def _front_matter(content: str) -> dict[str, str]:
    try:
        for event in yaml.parse(content, Loader=yaml.BaseLoader):
            # Eleven lines of aliases to aliases stand for more than any memory holds.
            if isinstance(event, yaml.AliasEvent):
                line = (event.start_mark.line if event.start_mark else 0) + 2
                raise GuideError(f"has front matter that is not YAML (line {line}): write its aliases out")
        # Its BaseLoader leaves every value as it is written: no date to be wrong, no language `no` that means False.
        found = yaml.load(content, Loader=yaml.BaseLoader)
        return dict(_flat(found)) if isinstance(found, dict) else {}
    except (yaml.YAMLError, RecursionError) as error:
        line = getattr(getattr(error, "problem_mark", None), "line", 0) + 2
        raise GuideError(f"has front matter that is not YAML (line {line}): mend it or remove it") from error


def _flat(values: dict[object, object], prefix: str = "") -> Iterator[tuple[str, str]]:
    for key, value in values.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{key}.")
        elif value:
            yield f"{prefix}{key}", ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _words(node: SyntaxTreeNode) -> str:
    """The words of inline content: no marks, no link targets, the alternative text of images."""
    match node.type:
        case "text" | "code_inline":
            return node.content
        case "softbreak" | "hardbreak":
            return " "
        case "html_inline":
            return " " if node.content.lower().startswith("<br") else ""
        case "image":
            return "".join(map(_words, node.children)) or node.content
        case _:
            return "".join(map(_words, node.children))


class _Tagless(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        self._silent += tag in {"script", "style"}
        self.words.append(" ")

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in {"script", "style"} and self._silent > 0
        self.words.append(" ")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.words.append(data)


def _without_tags(html: str) -> str:
    parser = _Tagless()
    # As a comment, which is what browsers make of it: html.parser raises an AssertionError on unknown ones.
    parser.feed(html.replace("<![", "<! ["))
    parser.close()
    return "".join(parser.words)
