"""The reference page says what the API's description says."""

from django.conf import settings

from redisgate.openapi.reference import render


def test_reference_page_is_the_description() -> None:
    page = settings.BASE_DIR / "docs" / "reference" / "management-api.md"
    assert page.read_text() == render(), (
        "run: manage.py api_reference > docs/reference/management-api.md"
    )
