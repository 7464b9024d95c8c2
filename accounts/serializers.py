"""People and tokens in the API."""

from typing import Any

from rest_framework import serializers

from accounts.models import User


class UserSerializer(serializers.ModelSerializer[User]):
    """A person as they see themselves."""

    created_at = serializers.DateTimeField(source="date_joined", read_only=True)
    is_operator = serializers.BooleanField(source="is_staff", read_only=True)

    class Meta:
        model = User
        fields = ("id", "email", "username", "is_operator", "created_at")
        read_only_fields = fields


class RegistrationSerializer(serializers.Serializer[Any]):
    """What the sign-up page asks for; the rules are that page's form."""

    email = serializers.CharField(max_length=254)
    username = serializers.CharField(max_length=150)
    password = serializers.CharField(max_length=1000, trim_whitespace=False)


class CredentialsSerializer(serializers.Serializer[Any]):
    email = serializers.CharField(max_length=254)
    password = serializers.CharField(max_length=1000, trim_whitespace=False)


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
