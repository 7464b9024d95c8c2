"""People and tokens in the API."""

from typing import Any

from rest_framework import serializers

from accounts.models import User
from redisgate.lib.strict_input import StrictInput


class UserSerializer(serializers.ModelSerializer[User]):
    """A person as they see themselves."""

    created_at = serializers.DateTimeField(source="date_joined", read_only=True)
    is_operator = serializers.BooleanField(source="is_staff", read_only=True)

    class Meta:
        model = User
        fields = ("id", "email", "username", "shown_name", "is_operator", "created_at")
        read_only_fields = fields


class RegistrationSerializer(serializers.Serializer[Any]):
    """What the sign-up page asks for; the rules, blanks included, are that page's form."""

    email = serializers.CharField(max_length=254, allow_blank=True)
    username = serializers.CharField(max_length=150, allow_blank=True)
    password = serializers.CharField(max_length=1000, trim_whitespace=False, allow_blank=True)


class ProofSerializer(serializers.Serializer[Any]):
    """That it is really them: the password, and a code where the account asks for one."""

    password = serializers.CharField(max_length=1000, trim_whitespace=False)
    totp = serializers.CharField(max_length=20, required=False)
    recovery_code = serializers.CharField(max_length=20, required=False)


class CredentialsSerializer(ProofSerializer):
    email = serializers.CharField(max_length=254)


class ProfileSerializer(StrictInput):
    """How the person is called; the rules are those of the page."""

    username = serializers.CharField(max_length=1000, required=False)
    shown_name = serializers.CharField(max_length=1000, required=False, allow_blank=True)


class RefreshSerializer(serializers.Serializer[Any]):
    refresh = serializers.CharField(max_length=200)


class TokensOutput(serializers.Serializer[Any]):
    """``access`` goes into ``Authorization: Bearer``; ``refresh`` fetches the next pair, once."""

    access = serializers.CharField()
    refresh = serializers.CharField()
    token_type = serializers.CharField()
    expires_in = serializers.IntegerField(help_text="Seconds that the access token lives.")


class LoginOutput(TokensOutput):
    user = UserSerializer()
