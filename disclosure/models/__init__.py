"""What was shown to whom, and what may leave a country."""

from disclosure.models.ledger import Basis, Disclosure, Purpose
from disclosure.models.policy import POLICY_FACTS, DataKind, TransferPolicy, TransferPurpose

__all__ = [
    "POLICY_FACTS",
    "Basis",
    "DataKind",
    "Disclosure",
    "Purpose",
    "TransferPolicy",
    "TransferPurpose",
]
