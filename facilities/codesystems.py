"""The code systems in which care and diagnoses are coded. Pure: no Django."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CodeSystem:
    """A code system as FHIR names it, and the version that the reference data have ("" where it has none)."""

    name: str
    uri: str
    version: str = ""


SNOMED_CT = CodeSystem("SNOMED CT", "http://snomed.info/sct")
ICD10 = CodeSystem("ICD-10", "http://hl7.org/fhir/sid/icd-10", "2019")
