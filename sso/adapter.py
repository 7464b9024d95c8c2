"""How django-allauth finds identity providers, and whom it lets in on their word."""

from typing import Any

from allauth.account.internal.userkit import filter_users_by_email
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from requests import Session

from accounts import email_addresses
from accounts.models import User
from redisgate.lib import outward_http
from redisgate.lib.outward_guard import guard
from sso import admission, sources
from sso.models import Protocol
from sso.refusals import SignInRefused


class SocialAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # untyped
    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        """Find one provider by its key; nobody gets a list of all."""
        key = client_id if provider == Protocol.SAML else provider
        source = sources.find(key) if key else None
        return [source.app()] if source else []

    def get_requests_session(self) -> Session:
        return outward_http.session(guard())

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        admission.judge(request, sociallogin)

    def authenticate_by_email(self, sociallogin: SocialLogin) -> tuple[User, str] | None:
        """Find the account of an address that the provider may speak for."""
        if sociallogin.state.get("process") != admission.LOGIN:
            return None
        address = admission.address(sociallogin)
        if email_addresses.only_waits(address):
            return None
        found = filter_users_by_email(address, prefer_verified=True, for_login=True)
        return (found[0], address) if found else None

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Whose domain an operator has approved needs no sign-up that is open to all."""
        source = sources.find(sociallogin.account.provider)
        if source is not None and source.row is not None:
            return True
        is_open: bool = super().is_open_for_signup(request, sociallogin)
        return is_open

    def save_user(self, request: HttpRequest, sociallogin: SocialLogin, form: None = None) -> User:
        """Make the account with its link and its confirmed address, or none of them."""
        try:
            with transaction.atomic():
                user: User = super().save_user(request, sociallogin, form)
        except IntegrityError as error:
            raise SignInRefused(
                "Your account was made in another window at the same moment. Sign in again.",
                log="account made twice",
            ) from error
        return user

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Write nothing: the audit log tells of links, and the person has just made this one."""
