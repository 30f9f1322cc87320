"""The loan with what it has had, its log and its papers. Other rooms import the tables from here."""

from fleet.loans.models.claim import ReturnClaim
from fleet.loans.models.holding import LoanGathering, LoanSetUp, LoanSim, LoanTablet
from fleet.loans.models.loan import DueVersion, Loan, LoanEvent
from fleet.loans.models.papers import AgreementText, LanguageAnswer, LoanAgreement
from fleet.loans.models.second import SecondLook
from fleet.loans.models.venue import VenueCustodian, VenueLoan

__all__ = [
    "AgreementText",
    "DueVersion",
    "LanguageAnswer",
    "Loan",
    "LoanAgreement",
    "LoanEvent",
    "LoanGathering",
    "LoanSetUp",
    "LoanSim",
    "LoanTablet",
    "ReturnClaim",
    "SecondLook",
    "VenueCustodian",
    "VenueLoan",
]
