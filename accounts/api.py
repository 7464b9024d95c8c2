"""``/auth``: accounts and tokens for programs."""

from dataclasses import asdict
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.messages.storage.base import BaseStorage
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from accounts import deletion, profile, refresh_tokens, services
from accounts.actors import actor_of, person
from accounts.serializers import (
    CredentialsSerializer,
    LoginOutput,
    ProfileSerializer,
    ProofSerializer,
    RefreshSerializer,
    RegistrationSerializer,
    TokensOutput,
    UserSerializer,
)
from accounts.services import TokenPair
from audit.actors import Means
from redisgate.lib.private_view import PrivateView


@method_decorator(sensitive_post_parameters(), name="dispatch")
class OpenView(PrivateView):
    """For whoever has no access token yet: it looks at no cookie and sets none."""

    authentication_classes = ()
    permission_classes = ()

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        # What allauth remembers of a sign-up and has to say about it is meant for browsers.
        session, words = request.session, getattr(request, "_messages", None)
        request.session = import_module(settings.SESSION_ENGINE).SessionStore()
        request._messages = BaseStorage(request)  # type: ignore[attr-defined]
        try:
            return super().dispatch(request, *args, **kwargs)
        finally:
            request.session = session
            request._messages = words  # type: ignore[attr-defined]


class RegisterView(OpenView):
    @extend_schema(request=RegistrationSerializer, responses={201: UserSerializer})
    def post(self, request: Request) -> Response:
        """Make an account."""
        wish = _valid(RegistrationSerializer(data=request.data))
        user = services.register(request._request, **wish)
        return Response(UserSerializer(user).data, status=201)


class LoginView(OpenView):
    @extend_schema(request=CredentialsSerializer, responses=LoginOutput)
    def post(self, request: Request) -> Response:
        """Exchange email address and password for tokens."""
        user = services.log_in(request._request, **_valid(CredentialsSerializer(data=request.data)))
        tokens = services.issue_tokens(user, services.visit_of(request._request))
        return Response({**_body(tokens), "user": UserSerializer(user).data})


class RefreshView(OpenView):
    @extend_schema(request=RefreshSerializer, responses=TokensOutput)
    def post(self, request: Request) -> Response:
        """Exchange a refresh token for new tokens; it works once.

        A second time it ends all tokens of its log-in, because somebody may have stolen it.
        """
        wish = _valid(RefreshSerializer(data=request.data))
        visit = services.visit_of(request._request)
        return Response(_body(services.refresh(wish["refresh"], visit)))


class LogoutView(OpenView):
    @extend_schema(request=RefreshSerializer, responses={204: None})
    def post(self, request: Request) -> Response:
        """End a log-in by its refresh token; one that is gone already is fine."""
        refresh_tokens.revoke(_valid(RefreshSerializer(data=request.data))["refresh"])
        return Response(status=204)


@method_decorator(sensitive_post_parameters(), name="dispatch")
class MeView(PrivateView):
    @extend_schema(responses=UserSerializer)
    def get(self, request: Request) -> Response:
        """Say who the caller is."""
        return Response(UserSerializer(person(request)).data)

    @extend_schema(request=ProfileSerializer, responses=UserSerializer)
    def patch(self, request: Request) -> Response:
        """Change the username or the shown name."""
        user = person(request)
        wish = _valid(ProfileSerializer(data=request.data))
        now = {"username": user.username, "shown_name": user.shown_name}
        profile.update(actor_of(request, Means.API), user, **{**now, **wish})
        return Response(UserSerializer(user).data)

    def delete(self, request: Request) -> Response:
        """Delete the account; the password says once more who asks."""
        user = person(request)
        services.prove(request._request, user, **_valid(ProofSerializer(data=request.data)))
        deletion.delete(actor_of(request, Means.API), user)
        return Response(status=204)


def _valid(serializer: Serializer[Any]) -> dict[str, Any]:
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)


def _body(tokens: TokenPair) -> dict[str, Any]:
    lifetime = int(settings.ACCESS_TOKEN_LIFETIME.total_seconds())
    return {**asdict(tokens), "token_type": "Bearer", "expires_in": lifetime}
