"""For whom an identity provider may speak. Pure: docs/adr/0023 says why each rule is there."""

from dataclasses import dataclass

from sso import domains
from sso.claims import Claim
from sso.refusals import SignInRefused

WITH_PASSWORD = "Log in with your password instead"  # noqa: S105  words


@dataclass(frozen=True, slots=True)
class Speaker:
    """An identity provider and how far its word reaches.

    ``domains`` None means every address. ``silence_is_yes``: an address that it says nothing more
    about counts as checked. ``of`` is whose provider this is.
    """

    name: str
    of: str
    domains: frozenset[str] | None
    silence_is_yes: bool
    speaks_for_operators: bool


@dataclass(frozen=True, slots=True)
class Account:
    """An account here that the provider's word would open.

    ``is_linked`` says that it was opened like this before, ``is_known`` that its address was
    confirmed here or that its person is in the provider's organization.
    """

    address: str
    is_operator: bool
    is_linked: bool
    is_known: bool


def address(claim: Claim, speaker: Speaker) -> str:
    """Return the address that the provider may speak for. Raises SignInRefused."""
    domain = domains.of_address(claim.address)
    if not domain:
        raise SignInRefused(
            f"{speaker.name} gave no email address that can be used here. Ask whoever runs "
            f"{speaker.name} to pass on your address.",
            log="no usable address",
        )
    is_verified = speaker.silence_is_yes if claim.is_verified is None else claim.is_verified
    if not is_verified:
        raise SignInRefused(
            f"{speaker.name} doesn't say that {claim.address} was confirmed to be yours. "
            f"Confirm it there, or ask whoever runs {speaker.name}.",
            log="address not verified by the provider",
        )
    if not _speaks_for(domain, speaker):
        raise SignInRefused(
            f"{speaker.name} says that you are {claim.address}, and {speaker.of} has not shown "
            f"that addresses at {domain} are its own. {WITH_PASSWORD}, or ask an owner of "
            f"{speaker.of}.",
            log=f"domain {domain} is not the provider's",
        )
    return claim.address


def account(account: Account, speaker: Speaker) -> None:
    """Raise SignInRefused where the provider's word doesn't open the account."""
    if account.is_operator and not speaker.speaks_for_operators:
        raise SignInRefused(
            f"You are an operator of this platform, and {speaker.of} can't vouch for operators. "
            f"{WITH_PASSWORD}.",
            log="account of an operator",
        )
    if not _speaks_for(domains.of_address(account.address), speaker):
        raise SignInRefused(
            f"Your account here has an email address that {speaker.name} can't speak for. "
            f"{WITH_PASSWORD}.",
            log="account with an address of another domain",
        )
    if not (account.is_linked or account.is_known):
        raise SignInRefused(
            f"There is an account with the address {account.address} already, and nobody has "
            "confirmed here that it is theirs. Choose a new password by mail, which confirms the "
            f"address, then sign in through {speaker.name} again.",
            log="account with an unconfirmed address",
        )


def _speaks_for(domain: str, speaker: Speaker) -> bool:
    return bool(domain) and (speaker.domains is None or domain in speaker.domains)
