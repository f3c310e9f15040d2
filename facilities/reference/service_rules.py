"""Which specialties a facility's stated services, its name and its type speak for (pure, reviewed table).

Three bases, from the strongest to the weakest:

* `source`: the words stand in the stated services of the row's public source;
* `name`: the facility's own name says it ("kardiologiya markazi");
* `type`: a multi-profile hospital of this type usually has it. An assumption of the portal, never a fact.

Nothing here is confirmed by a facility, so every row is loaded as not verified.
"""

import re

from facilities.textsearch import fold

PAEDIATRICS, TUBERCULOSIS, NARCOLOGY = "170", "153", "161"
CARDIOLOGY, CARDIAC_SURGERY, THORACIC_TRANSPLANT = "394579002", "408466002", "408471009"
ONCOLOGY, RADIOTHERAPY, MEDICAL_ONCOLOGY, SURGICAL_ONCOLOGY = (
    "394592004",
    "419815003",
    "394593009",
    "419321007",
)
NEUROSURGERY, NEUROLOGY = "394610002", "394591006"
GENERAL_SURGERY, INTERNAL, EMERGENCY, CRITICAL = "394609007", "419192003", "394576009", "408478003"
OBS_GYN, GYNAECOLOGY, PAEDIATRIC_SURGERY = "394585009", "394586005", "394539006"
TRAUMA, OPHTHALMOLOGY, ENT, UROLOGY = "394801008", "394594003", "418960008", "394612005"
VASCULAR, PLASTIC, LIVER_SURGERY = "408463005", "394611003", "408474001"
TRANSPLANT, INTERVENTIONAL_RADIOLOGY, RADIOLOGY = "408477008", "408455009", "394914008"
NEPHROLOGY, ENDOCRINOLOGY, GASTRO, PULMONARY = "394589003", "394583002", "394584008", "418112009"
HAEMATOLOGY, IMMUNOLOGY, RHEUMATOLOGY = "394803006", "408480009", "394810000"
INFECTIOUS, DERMATOLOGY, PSYCHIATRY, DENTISTRY = "394807007", "394582007", "394587001", "394812008"
REHABILITATION, FAMILY, GENERAL_PRACTICE = "394602003", "419772000", "408443003"

# Parts of a source's words that state no service of today.
_NOT_NOW = re.compile(r"planned|under construction|admits residents|built and equipped|building")
_BRACKETS = re.compile(r"\([^)]*\)")
# A centre of one field for which there is no clinical specialty that one could ask for.
_OTHER_FIELD = re.compile(r"physiolog|физиолог")

# In this order: a match is taken out of the text, so that "cardiac surgery" isn't also "surgery". English, Russian
# and Uzbek (Latin) word stems, on text folded by `textsearch.fold` (no apostrophes, ё as е).
KEYWORDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"heart transplant\w*", (THORACIC_TRANSPLANT,)),
    (r"interventional cardiolog\w*", (CARDIOLOGY, INTERVENTIONAL_RADIOLOGY)),
    (r"cardio ?rehabilitation", (REHABILITATION,)),
    (r"(cardiac|heart|coronary|heart failure) surg\w*|кардиохирург\w*|kardio(jarroh|xirurg)\w*", (CARDIAC_SURGERY,)),
    (r"neurosurg\w*|нейрохирург\w*|neyro(jarroh|xirurg)\w*", (NEUROSURGERY,)),
    (r"vascular surg\w*|сосудист\w* хирург\w*", (VASCULAR,)),
    # The value set has no code for these two: taken out, so that they don't pass for general surgery.
    (r"(thoracic|fetal) surg\w*|торакальн\w* хирург\w*", ()),
    (r"(plastic|reconstructive) surg\w*", (PLASTIC,)),
    (r"(abdominal liver pancreatic|liver|pancreatic) surg\w*", (LIVER_SURGERY, GENERAL_SURGERY)),
    (r"x ray surg\w*", (INTERVENTIONAL_RADIOLOGY,)),
    (r"transplant\w*|трансплант\w*", (TRANSPLANT,)),
    (r"radiotherap\w*|proton therap\w*|лучев\w* терап\w*|nur terapiya\w*", (RADIOTHERAPY,)),
    (r"physiotherap\w*|balneolog\w*|rehabilit\w*|реабилит\w*|reabilit\w*", (REHABILITATION,)),
    (r"cardiolog\w*|кардиолог\w*|kardiolog\w*", (CARDIOLOGY,)),
    (r"oncolog\w*|онколог\w*|onkolog\w*", (ONCOLOGY,)),
    (r"ha?ematolog\w*|гематолог\w*|gematolog\w*", (HAEMATOLOGY,)),
    (r"immunolog\w*|иммунолог\w*", (IMMUNOLOGY,)),
    (r"psychoneurolog\w*|psixonevrolog\w*|психоневролог\w*", (PSYCHIATRY,)),
    (r"psychiatr\w*|mental health|психиатр\w*|psixiatr\w*", (PSYCHIATRY,)),
    (r"narcolog\w*|нарколог\w*|narkolog\w*", (NARCOLOGY,)),
    (r"neurolog\w*|невролог\w*|nevrolog\w*", (NEUROLOGY,)),
    (r"phthisiolog\w*|tuberculosis|(противо)?туберкулез\w*|фтизиатр\w*|ftiziatr\w*", (TUBERCULOSIS,)),
    (r"pulmonolog\w*|пульмонолог\w*", (PULMONARY,)),
    (r"endocrinolog\w*|эндокринолог\w*|endokrinolog\w*", (ENDOCRINOLOGY,)),
    (r"dermatoven\w*|дерматовен\w*", (DERMATOLOGY,)),
    (r"ophthalm\w*|офтальм\w*|oftalm\w*", (OPHTHALMOLOGY,)),
    (r"stomatolog\w*|dentistr\w*|стоматолог\w*", (DENTISTRY,)),
    (r"infectious diseases?|инфекцион\w*|yuqumli kasallik\w*|hiv|спид|oits\w*", (INFECTIOUS,)),
    (r"gastroenterolog\w*|гастроэнтеролог\w*", (GASTRO,)),
    (r"traumatolog\w*|orthop\w*|травматолог\w*|ортопед\w*|travmatolog\w*|ortoped\w*", (TRAUMA,)),
    (r"maternal and child|ona va bola|материнств\w* и детств\w*", (OBS_GYN, PAEDIATRICS)),
    (r"gyna?ecolog\w*|гинеколог\w*|ginekolog\w*", (GYNAECOLOGY,)),
    (r"obstetric\w*|maternity|perinatolog\w*|родильн\w*|перинатальн\w*|tugruq\w*", (OBS_GYN,)),
    (r"emergency|бсмп|скор\w* (медицинск\w* )?помощ\w*|tez tibbiy yordam", (EMERGENCY,)),
    (r"diagnostic\w*|диагностическ\w*", (RADIOLOGY,)),
    (r"surg\w*|хирург\w*|jarroh\w*|xirurg\w*", (GENERAL_SURGERY,)),
    (r"therapy|терапи\w*|terapiya\w*", (INTERNAL,)),
)  # fmt: skip
_KEYWORDS = tuple((re.compile(rf"(?<!\w)(?:{pattern})"), codes) for pattern, codes in KEYWORDS)

_CHILDREN = re.compile(r"(?<!\w)(pa?ediatric\w*|child(ren)?s?|детск\w*|детей|bolalar\w*)")
# What a children's facility offers under a code of its own; other codes stay and paediatrics is added.
FOR_CHILDREN = {
    CARDIOLOGY: "408459003",
    ONCOLOGY: "418002000",
    HAEMATOLOGY: "418652005",
    IMMUNOLOGY: "418535003",
    DENTISTRY: "394607009",
    INFECTIOUS: "418862001",
    GENERAL_SURGERY: PAEDIATRIC_SURGERY,
}

_HOSPITAL = (INTERNAL, GENERAL_SURGERY, CRITICAL, EMERGENCY, RADIOLOGY)
_REGIONAL = (
    *_HOSPITAL, CARDIOLOGY, NEUROLOGY, NEUROSURGERY, TRAUMA, UROLOGY, OPHTHALMOLOGY, ENT, OBS_GYN, VASCULAR,
    NEPHROLOGY, ENDOCRINOLOGY, GASTRO, PULMONARY, REHABILITATION,
)  # fmt: skip
# Sets for multi-profile facilities whose name and source name no specialty.
BY_TYPE: dict[str, tuple[str, ...]] = {
    "national_center": (*_REGIONAL, HAEMATOLOGY, RHEUMATOLOGY),
    "regional_hospital": _REGIONAL,
    "city_hospital": (*_HOSPITAL, CARDIOLOGY, NEUROLOGY, TRAUMA, UROLOGY, ENT, GASTRO),
    "district_hospital": (*_HOSPITAL, OBS_GYN, PAEDIATRICS),
    "emergency_hospital": (EMERGENCY, CRITICAL, GENERAL_SURGERY, TRAUMA, NEUROSURGERY, CARDIOLOGY),
    "polyclinic": (GENERAL_PRACTICE, INTERNAL),
    "family_medicine_center": (FAMILY, GENERAL_PRACTICE),
    # Primary care with a few beds, and wards of a district's hospital away from it: no operations, no intensive care.
    "general_practice_centre": (GENERAL_PRACTICE, INTERNAL, EMERGENCY, PAEDIATRICS),
    "hospital_branch": (INTERNAL, EMERGENCY, PAEDIATRICS),
    "trauma_centre": (EMERGENCY, CRITICAL, GENERAL_SURGERY, TRAUMA, NEUROSURGERY),
    "emergency_centre_branch": (EMERGENCY, CRITICAL, GENERAL_SURGERY, TRAUMA, NEUROSURGERY, CARDIOLOGY),
    "fap": (GENERAL_PRACTICE,),
    "medical_post": (GENERAL_PRACTICE,),
    "family_doctor_point": (FAMILY, GENERAL_PRACTICE),
    "ambulance_station": (EMERGENCY,),
    "blood_center": (),
}
_CHILDRENS_HOSPITAL = (PAEDIATRICS, PAEDIATRIC_SURGERY, "408459003")
_ONCOLOGY_CENTRE = (RADIOTHERAPY, MEDICAL_ONCOLOGY, SURGICAL_ONCOLOGY)
# Types that keep their set although a word of theirs was found: "emergency" in an emergency hospital's name says
# its type, and a source that names two services of a regional hospital doesn't say that it has no others.
_KEEP_TYPE_SET = {
    "emergency_hospital", "regional_hospital", "district_hospital", "trauma_centre", "emergency_centre_branch",
}  # fmt: skip
_SINGLE_FIELD = {OBS_GYN, GYNAECOLOGY, TUBERCULOSIS, PSYCHIATRY, "418862001", INFECTIOUS, NARCOLOGY}


def codes_in(text: str, *, children: bool = False) -> set[str]:
    """The specialty codes that a text in English, Russian or Uzbek speaks of; children's ones on demand."""
    rest = fold(text)
    found: set[str] = set()
    for pattern, codes in _KEYWORDS:
        rest, hits = pattern.subn(" ", rest)
        if hits:
            found |= set(codes)
    if children:
        found = {FOR_CHILDREN.get(code, code) for code in found}
    return found


def is_for_children(text: str) -> bool:
    """Whether a name or a stated service speaks of children."""
    words = fold(text)
    return "maternal and child" not in words and "ona va bola" not in words and bool(_CHILDREN.search(words))


def _stated(services: str, *, children: bool) -> set[str]:
    found: set[str] = set()
    for part in re.split(r";(?![^(]*\))", services):
        if not _NOT_NOW.search(part.lower()):
            found |= codes_in(_BRACKETS.sub(" ", part), children=children)
            if is_for_children(part):
                found.add(PAEDIATRICS)
    return found


def services_of(name: str, facility_type: str, care_level: str, stated_services: str) -> dict[str, str]:
    """Specialty code → basis (`source`, `name` or `type`) of a facility; empty for a support service.

    The strongest basis wins. Types of one field (a maternity house, a children's hospital) get no set of a
    multi-profile hospital.
    """
    if care_level == "support":
        return {}
    children = is_for_children(name) or (is_for_children(stated_services) and ";" not in stated_services)
    by_name = codes_in(name, children=children) | ({PAEDIATRICS} if children else set())
    stated = _stated(stated_services, children=children)
    if ONCOLOGY in by_name and re.search(r"radiolog|радиолог", fold(name)):
        by_name.add(RADIOTHERAPY)
    usual = (
        ()
        if _OTHER_FIELD.search(fold(name))
        else _type_set(facility_type, by_name, stated, children=children)
    )
    found = dict.fromkeys(usual, "type")
    found |= dict.fromkeys(by_name, "name") | dict.fromkeys(stated, "source")
    return found


def _type_set(facility_type: str, by_name: set[str], stated: set[str], *, children: bool) -> tuple[str, ...]:
    named = by_name | stated
    if children and facility_type in {"regional_hospital", "city_hospital", "emergency_hospital"}:
        return _CHILDRENS_HOSPITAL
    if ONCOLOGY in named and facility_type in {"national_center", "specialised_center"}:
        return _ONCOLOGY_CENTRE
    if named & _SINGLE_FIELD and facility_type != "district_hospital":
        return ()
    if named and facility_type not in _KEEP_TYPE_SET:
        return ()
    return BY_TYPE.get(facility_type, ())
