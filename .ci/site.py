#!/usr/bin/env python3
"""Makes the pages of the site out of the documents of the repository, and checks the links of the built site.

`site.py prepare FOLDER` writes what mdBook reads: the pages that docs/SUMMARY.md lists, with links between them. A link to
another file of the repository leads to the repository's address, where one is known (`repository` in Cargo.toml, or
GITHUB_REPOSITORY); else only its text stays. `site.py check BOOK` fails if a link or an anchor in the built pages leads nowhere.
"""

import html.parser
import os
import pathlib
import re
import shutil
import sys
import tomllib
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parent.parent
LINK = re.compile(r"(!?)\[((?:[^\[\]]|\[[^\]]*\])*)\]\(([^)\s]+)\)")
AT_THE_TOP = {
    "README.md": "index.md",
    "CHANGELOG.md": "changelog.md",
    "CONTRIBUTING.md": "contributing.md",
    "SECURITY.md": "security.md",
}


def repository():
    """Returns the address of the repository, or nothing."""
    with open(ROOT / "Cargo.toml", "rb") as file:
        known = tomllib.load(file)["package"].get("repository")
    if known:
        return known.rstrip("/")
    name = os.environ.get("GITHUB_REPOSITORY")
    return f"https://github.com/{name}" if name else None


def pages():
    """Returns the pages: the path in the repository, and the name in the site."""
    docs = sorted(path.name for path in (ROOT / "docs").glob("*.md"))
    found = {f"docs/{name}": name for name in docs}
    return found | AT_THE_TOP


def with_links(document, prose, names, address):
    """Returns a part of a document with the links that it has in the site."""

    def replaced(match):
        image, text, target = match.groups()
        if "://" in target or target.startswith(("#", "mailto:")):
            return match.group(0)
        path, _, anchor = target.partition("#")
        folder = pathlib.PurePosixPath(document).parent
        path = os.path.normpath(folder / path).replace(os.sep, "/")
        anchor = f"#{anchor}" if anchor else ""
        if path in names:
            return f"{image}[{text}]({names[path]}{anchor})"
        if address:
            return f"{image}[{text}]({address}/blob/HEAD/{path}{anchor})"
        return text

    return LINK.sub(replaced, prose)


def page(document, names, address):
    """Returns a document as a page of the site: prose and fenced blocks by turns."""
    text = (ROOT / document).read_text(encoding="utf-8")
    parts = re.split(r"(?ms)(^```.*?^```$)", text)
    for place, part in enumerate(parts):
        if part.startswith("```"):
            # What stands behind the language is for the tests of the documents.
            parts[place] = re.sub(r"\A(```\S*)[^\n]*", r"\1", part)
        else:
            parts[place] = with_links(document, part, names, address)
    return "".join(parts)


def prepare(folder):
    """Writes what mdBook reads."""
    shutil.rmtree(folder, ignore_errors=True)
    source = folder / "src"
    source.mkdir(parents=True)
    names, address = pages(), repository()
    for document, name in names.items():
        (source / name).write_text(page(document, names, address), encoding="utf-8")
    for name in ("book.toml", "site.css"):
        shutil.copy(ROOT / "docs" / name, folder / name)


class Page(html.parser.HTMLParser):
    """The anchors and links of a page."""

    def __init__(self, path):
        super().__init__()
        self.anchors, self.links = set(), []
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attrs):
        for name, value in attrs:
            if name == "id" or (tag == "a" and name == "name"):
                self.anchors.add(value)
            elif name in ("href", "src") and value:
                self.links.append(value)


def check(book):
    """Returns the links that lead nowhere."""
    found = {path: Page(path) for path in sorted(book.rglob("*.html"))}
    wrong, followed = [], 0
    for path, content in found.items():
        # All pages in one, for printing: its links are those of the pages.
        if path.name in ("print.html", "404.html", "toc.html"):
            continue
        for link in content.links:
            target = urllib.parse.urlsplit(link)
            if target.scheme or target.netloc:
                continue
            followed += 1
            place = path if not target.path else path.parent / urllib.parse.unquote(target.path)
            place = pathlib.Path(os.path.normpath(place))
            anchor = urllib.parse.unquote(target.fragment)
            if not place.exists() or (anchor and place in found and anchor not in found[place].anchors):
                wrong.append(f"{path.relative_to(book)}: {link}")
    print(f"{len(found)} pages, {followed} links, {len(wrong)} of them lead nowhere")
    return wrong


def main():
    """Does what the first argument says."""
    match sys.argv[1:]:
        case ["prepare", folder]:
            prepare(pathlib.Path(folder))
        case ["check", book]:
            wrong = check(pathlib.Path(book))
            print("\n".join(wrong), end="\n" if wrong else "")
            sys.exit(1 if wrong else 0)
        case _:
            sys.exit("usage: site.py prepare FOLDER | site.py check BOOK")


main()
