"""Persons at a browser and programs with a token, as Django's test clients."""

from django.test import Client
from rest_framework.test import APIClient

from accounts import access_tokens
from accounts.models import User


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def program(user: User) -> APIClient:
    """Give a program with the person's token; cross-site checks are on, as outside of tests."""
    client = APIClient(enforce_csrf_checks=True)
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {access_tokens.issue(user)}")
    return client
