"""Accounts, what proves who signs in, and where somebody is signed in."""

from core.accounts.models.attempts import Attempt
from core.accounts.models.factors import Authenticator, RecoveryCode
from core.accounts.models.passwords import PastPassword
from core.accounts.models.sessions import Session
from core.accounts.models.user import User

__all__ = ["Attempt", "Authenticator", "PastPassword", "RecoveryCode", "Session", "User"]
