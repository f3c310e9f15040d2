"""Names of persons in Cyrillic and Latin: cleaning, reading in Latin, keying, comparing. Pure: no Django.

Five questions are answered here:

`check_name`     Is this text fit to be a name, and how is it stored?
`to_latin`       How is the name read in Latin letters?
`match_key`      Which folded form do all usual spellings of the name share?
`search_key`     By which words is the name looked up?
`alike`          How like one another are two persons' names, whatever the script?
"""

from patients.names.alike import SAME_NAME, alike, word_likeness
from patients.names.clean import MAX_NAME_LENGTH, NameCheck, check_name, has_hidden_character, script_of
from patients.names.keys import match_key, to_latin, word_key
from patients.names.korean import spellings_of
from patients.names.letters import APOSTROPHE, TURNED_COMMA
from patients.names.sounds import near_sounds, search_key, sound_of

__all__ = [
    "APOSTROPHE",
    "MAX_NAME_LENGTH",
    "SAME_NAME",
    "TURNED_COMMA",
    "NameCheck",
    "alike",
    "check_name",
    "has_hidden_character",
    "match_key",
    "near_sounds",
    "script_of",
    "search_key",
    "sound_of",
    "spellings_of",
    "to_latin",
    "word_key",
    "word_likeness",
]
