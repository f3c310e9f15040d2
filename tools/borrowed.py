"""Texts of Django that the pages can show, and that Django words badly or not at all in Kazakh, Uzbek or Kyrgyz.

Its Kyrgyz uses the familiar form of address, its Uzbek ASCII apostrophes, its Kazakh lacks a third of the texts, and
all three write months with a capital letter. Our catalogues of these languages word them anew; Russian needs none.
"""

from core import languages

LANGUAGES = tuple(language.code for language in languages.LANGUAGES if not language.words_of_django)
MONTH = "alt. month"
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
# A text, or its singular and plural.
TEXTS: tuple[str | tuple[str, str], ...] = (
    "Enter a valid value.",
    "Enter a valid date.",
    "Enter a valid time.",
    "Enter a whole number.",
    "Enter a number.",
    "Enter a valid email address.",
    "Enter a valid UUID.",
    "This field is required.",
    "This field cannot be blank.",
    "Null characters are not allowed.",
    "Select a valid choice. That choice is not one of the available choices.",
    "Select a valid choice. %(value)s is not one of the available choices.",
    "Ensure this value is less than or equal to %(limit_value)s.",
    "Ensure this value is greater than or equal to %(limit_value)s.",
    "%(model_name)s with this %(field_label)s already exists.",
    (
        "Ensure this value has at most %(limit_value)d character (it has %(show_value)d).",
        "Ensure this value has at most %(limit_value)d characters (it has %(show_value)d).",
    ),
    (
        "This password is too short. It must contain at least %d character.",
        "This password is too short. It must contain at least %d characters.",
    ),
    "This password is too common.",
    "The password is too similar to the %(verbose_name)s.",
    "Unknown",
)
