"""`./dev messages`: collect the texts to translate into locale/*/LC_MESSAGES/django.po and compile them.

Babel does what Django's makemessages needs the system's gettext for; templates go through Django's own `templatize`,
so both find the same texts. `--check` changes nothing and fails when a catalogue lacks a text, or when Russian lacks
a translation. Words of the trade come from locale/glossary.csv.
"""

import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir, extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django import conf
from django.conf import settings
from django.utils.translation.template import templatize

from core import languages
from tools import borrowed

ROOT = Path(__file__).resolve().parents[1]
LOCALE = ROOT / "locale"
DJANGO = Path(conf.__file__).parent / "locale"
LANGUAGES = languages.TRANSLATED
COMPLETE = tuple(language.code for language in languages.LANGUAGES if language.complete)
FOLDERS = (
    "agreements",
    "core",
    "disclosure",
    "documents",
    "eligibility",
    "facilities",
    "patients",
    "portal",
    "referrals",
    "retention",
    "templates",
)
METHODS = [
    ("**/migrations/**", "ignore"),
    ("**.py", "python"),
    ("**.html", "tools.messages:extract_template"),
    ("**.txt", "tools.messages:extract_template"),
]
_VOLATILE = re.compile(r'^"(?:Project|Report|POT|PO-|Last|Language-Team|Generated)[^"]*"\n', re.MULTILINE)
KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
    "plural": (1, 2),  # of eligibility.text, as `_` is
}


def extract_template(
    file: Any, keywords: Any, comment_tags: Any, options: dict[str, Any]
) -> Iterator[tuple[int, str | tuple[str, ...], list[str], str | None]]:
    """Babel's extraction method for Django templates."""
    source = templatize(file.read().decode("utf-8"))
    # Inside brackets Python's tokenizer does not mind the indentation that is left of the template.
    yield from extract_python(
        io.BytesIO(f"(\n{source}\n)".encode()), keywords, comment_tags, {"encoding": "utf-8"}
    )


def collect() -> Catalog:
    """Every text of the sources that is marked for translation. Places name the file alone: lines move too often."""
    if not settings.configured:
        settings.configure(USE_I18N=True)
    texts = Catalog(charset="utf-8", fuzzy=False)
    for folder in FOLDERS:
        found = extract_from_dir(
            ROOT / folder,
            METHODS,
            keywords=KEYWORDS,
            comment_tags=("Translators:",),
            strip_comment_tags=False,
        )
        for name, _line, message, comments, context in found:
            texts.add(message, None, [(f"{folder}/{name}", 0)], auto_comments=comments, context=context)
    return texts


def texts_for(language: str, texts: Catalog) -> Catalog:
    """The texts of one language's catalogue: ours, and for some languages those that are borrowed from Django."""
    if language not in borrowed.LANGUAGES:
        return texts
    own = Catalog(charset="utf-8", fuzzy=False)
    for text in texts:
        if text.id:
            places = [(name, 0) for name, _line in text.locations]
            own.add(text.id, None, places, text.flags, text.auto_comments, context=text.context)
    for words in borrowed.TEXTS:
        own.add(words, None, [("tools/borrowed.py", 0)])
    for month in borrowed.MONTHS:
        own.add(month, None, [("tools/borrowed.py", 0)], context=borrowed.MONTH)
    return own


def catalogues() -> dict[str, Path]:
    """The .po file of each language that the texts are translated into."""
    return {language: LOCALE / language / "LC_MESSAGES" / "django.po" for language in LANGUAGES}


def django_catalogue(language: str) -> Catalog:
    """Django's own texts in that language."""
    with (DJANGO / language / "LC_MESSAGES" / "django.po").open("rb") as file:
        return read_po(file, locale=language, domain="django")


def load(language: str, path: Path) -> Catalog:
    """One language's catalogue; an empty one for a language that has none yet.

    Plural forms are counted as Django counts them: with another count it would keep ours apart from its own.
    """
    if path.exists():
        with path.open("rb") as file:
            return read_po(file, locale=language, domain="django")
    forms = django_catalogue(language).plural_forms
    header = (
        f'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n"Plural-Forms: {forms}\\n"\n'
    )
    return read_po(io.BytesIO(header.encode()), locale=language, domain="django")


def save(catalogue: Catalog, path: Path) -> None:
    """Write a catalogue and what is compiled from it; no dates, which would change with every run."""
    catalogue.header_comment = f"# Texts of the patient mobility portal: {catalogue.locale_identifier}."
    buffer = io.BytesIO()
    write_po(buffer, catalogue, width=110, include_lineno=False, sort_by_file=True, ignore_obsolete=True)
    text = _VOLATILE.sub("", buffer.getvalue().decode())
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    with path.with_suffix(".mo").open("wb") as file:
        write_mo(file, catalogue)


def missing(catalogue: Catalog, texts: Catalog) -> list[str]:
    """The texts that the catalogue does not know at all; one it knows without a translation is not missing."""
    return [str(text.id) for text in texts if text.id and catalogue.get(text.id, text.context) is None]


def untranslated(catalogue: Catalog) -> list[str]:
    """The texts that the catalogue knows but has no translation of."""
    return [str(text.id) for text in catalogue if text.id and not is_translated(text.string)]


def update(language: str, path: Path, texts: Catalog) -> tuple[int, int]:
    """Bring one catalogue up to date and compile it; how many texts are translated, and how many there are."""
    catalogue = load(language, path)
    # No guesses from similar texts: a wrong medical text is worse than an English one.
    catalogue.update(texts_for(language, texts), no_fuzzy_matching=True)
    save(catalogue, path)
    return len(catalogue) - len(untranslated(catalogue)), len(catalogue)


def is_translated(string: Any) -> bool:
    """Whether a text has a translation, a plural all of its forms."""
    return all(string) if isinstance(string, (list, tuple)) else bool(string)


def main(arguments: list[str]) -> int:
    """Update every catalogue, or with --check only look; 1 when the look finds something."""
    texts = collect()
    code = 0
    for language, path in catalogues().items():
        if "--check" in arguments:
            catalogue = load(language, path)
            lacking = missing(catalogue, texts_for(language, texts))
            print(f"  {language}: {len(lacking)} texts are not in the catalogue")
            empty = untranslated(catalogue) if language in COMPLETE else []
            for text in empty:
                print(f"    not translated: {text}")
            code = code or int(bool(lacking or empty))
        else:
            translated, total = update(language, path, texts)
            print(f"  {language}: {translated} of {total} texts are translated")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
