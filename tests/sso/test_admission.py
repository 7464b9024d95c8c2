"""Whom an identity provider's word lets in, and whom it doesn't: the attacks of docs/adr/0023."""

import pytest
from allauth.account.internal.stagekit import unstash_login
from allauth.account.models import EmailAddress
from allauth.core import context
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialAccount

from accounts import refresh_tokens
from accounts.models import RefreshToken, User
from accounts.refresh_tokens import Visit
from audit.actions import Action
from audit.models import AuditEvent
from orgs.models import Membership
from orgs.roles import Role
from sso.models import Mode
from sso.refusals import SignInRefused
from tests.conftest import make_user
from tests.sso.answers import come_back, said, visitor
from tests.sso.conftest import Acme

pytestmark = pytest.mark.django_db


def role_of(user: User, acme: Acme) -> str | None:
    found = Membership.objects.filter(user=user, organization=acme.cast.acme).first()
    return found.role if found is not None else None


def confirm(user: User) -> None:
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)


def test_newcomer_becomes_a_member_with_the_chosen_role(acme: Acme) -> None:
    request = come_back(acme.provider.key, said("nina@acme.example", preferred_username="nina"))
    nina = User.objects.get(email="nina@acme.example")
    assert request.user == nina
    assert nina.username == "nina"
    assert not nina.has_usable_password()
    assert role_of(nina, acme) == Role.VIEWER
    assert EmailAddress.objects.get(user=nina).verified
    event = AuditEvent.objects.get(action=Action.SSO_JOIN)
    assert (event.object_label, event.organization_id) == (nina.email, acme.cast.acme.id)
    assert nina.organizations.count() == 1


def test_address_that_somebody_else_asked_for_is_still_the_newcomers(acme: Acme) -> None:
    otto = acme.cast.outsider
    EmailAddress.objects.create(user=otto, email="nina@acme.example")
    request = come_back(acme.provider.key, said("nina@acme.example"))
    nina = User.objects.get(email="nina@acme.example")
    assert request.user == nina != otto
    assert EmailAddress.objects.get(email="nina@acme.example").user == nina


def test_second_sign_in_finds_the_same_person_and_keeps_their_role(acme: Acme) -> None:
    come_back(acme.provider.key, said("nina@acme.example"))
    Membership.objects.filter(user__email="nina@acme.example").update(role=Role.ADMIN)
    come_back(acme.provider.key, said("nina.new@acme.example"))
    nina = User.objects.get(email="nina@acme.example")
    assert role_of(nina, acme) == Role.ADMIN
    assert AuditEvent.objects.filter(action=Action.SSO_JOIN).count() == 1


def test_known_address_links_to_the_account_that_has_it(acme: Acme) -> None:
    dora = acme.cast.developer
    confirm(dora)
    request = come_back(acme.provider.key, said("dora@acme.example"))
    dora.refresh_from_db()
    assert request.user == dora
    assert dora.has_usable_password()
    assert role_of(dora, acme) == Role.DEVELOPER
    assert AuditEvent.objects.get(action=Action.SSO_LINK).changes["cleared"] is False


def test_provider_of_one_tenant_cannot_become_the_owner_of_another(acme: Acme) -> None:
    otto = acme.cast.outsider  # otto@example.com owns Globex
    confirm(otto)
    with pytest.raises(SignInRefused) as refused:
        come_back(acme.provider.key, said(otto.email))
    assert refused.value.message == (
        "Acme ID says that you are otto@example.com, and Acme has not shown that addresses at "
        "example.com are its own. Log in with your password instead, or ask an owner of Acme."
    )
    assert not SocialAccount.objects.exists()
    assert role_of(otto, acme) is None


def test_unapproved_domain_counts_for_nothing(acme: Acme) -> None:
    acme.cast.acme.email_domains.create(name="example.com")  # claimed, and nobody has agreed
    with pytest.raises(SignInRefused, match="has not shown"):
        come_back(acme.provider.key, said(acme.cast.outsider.email))


def test_domain_that_is_taken_back_closes_the_accounts_at_once(acme: Acme) -> None:
    come_back(acme.provider.key, said("nina@acme.example"))
    acme.cast.acme.email_domains.all().delete()
    with pytest.raises(SignInRefused, match="has not shown"):
        come_back(acme.provider.key, said("nina@acme.example"))


def test_subject_that_was_linked_opens_no_account_that_left_the_domain(acme: Acme) -> None:
    come_back(acme.provider.key, said("nina@acme.example"))
    User.objects.filter(email="nina@acme.example").update(email="nina@private.example")
    with pytest.raises(SignInRefused, match="can't speak for"):
        come_back(acme.provider.key, said("nina@acme.example"))


def test_second_address_of_a_stranger_opens_no_account(acme: Acme) -> None:
    otto = acme.cast.outsider
    EmailAddress.objects.create(user=otto, email="nina@acme.example", verified=True)
    with pytest.raises(SignInRefused, match="can't speak for"):
        come_back(acme.provider.key, said("nina@acme.example"))


@pytest.mark.parametrize("verified", [False, None, "false", 0, 1, "no", []])
def test_address_that_was_not_confirmed_there_is_refused(acme: Acme, verified: object) -> None:
    with pytest.raises(SignInRefused, match="confirmed to be yours"):
        come_back(acme.provider.key, said("dora@acme.example", email_verified=verified))


def test_word_for_another_request_is_refused(acme: Acme) -> None:
    fine = said("nora@acme.example", nonce="mine")
    come_back(acme.provider.key, fine, nonce="mine")
    for other in (said("nora@acme.example"), said("nora@acme.example", nonce="theirs")):
        with pytest.raises(SignInRefused, match="another request"):
            come_back(acme.provider.key, other, nonce="mine")


def test_silence_counts_where_owners_say_that_addresses_are_managed(acme: Acme) -> None:
    acme.provider.addresses_are_managed = True
    acme.provider.save()
    come_back(acme.provider.key, {"sub": "7", "email": "nina@acme.example"})
    assert User.objects.filter(email="nina@acme.example").exists()
    with pytest.raises(SignInRefused, match="confirmed to be yours"):
        come_back(acme.provider.key, said("dora@acme.example", "8", email_verified=False))


@pytest.mark.parametrize(
    "address",
    ["", "nina", "nina@acme.example@evil.example", "ni\u212aa@acme.example", "@acme.example", None],
)
def test_odd_addresses_are_refused(acme: Acme, address: str | None) -> None:
    with pytest.raises(SignInRefused, match="no email address"):
        come_back(acme.provider.key, {"sub": "1", "email": address, "email_verified": True})


def test_subdomain_is_another_domain(acme: Acme) -> None:
    with pytest.raises(SignInRefused, match=r"evil\.acme\.example"):
        come_back(acme.provider.key, said("nina@evil.acme.example"))


def test_operators_are_nobodys_to_vouch_for(acme: Acme) -> None:
    operator = acme.cast.admin
    confirm(operator)
    operator.is_staff = True
    operator.save()
    with pytest.raises(SignInRefused, match="operator"):
        come_back(acme.provider.key, said(operator.email))


def test_unconfirmed_account_of_a_stranger_is_not_taken_over(acme: Acme) -> None:
    squatter = make_user("nina")
    User.objects.filter(pk=squatter.pk).update(email="nina@acme.example")
    with pytest.raises(SignInRefused, match="confirmed here"):
        come_back(acme.provider.key, said("nina@acme.example"))
    squatter.refresh_from_db()
    assert squatter.has_usable_password()


def test_unconfirmed_member_comes_into_an_account_that_nobody_else_can_open(acme: Acme) -> None:
    dora = acme.cast.developer
    refresh_tokens.begin(dora, Visit())
    TOTP.activate(dora, generate_totp_secret())
    come_back(acme.provider.key, said("dora@acme.example"))
    dora.refresh_from_db()
    assert not dora.has_usable_password()
    assert not RefreshToken.objects.exists()
    assert not Authenticator.objects.exists()
    assert EmailAddress.objects.get(user=dora).verified
    assert AuditEvent.objects.get(action=Action.SSO_LINK).changes["cleared"] is True


def test_switched_off_provider_signs_nobody_in(acme: Acme) -> None:
    acme.provider.mode = Mode.OFF
    acme.provider.save()
    with pytest.raises(SignInRefused, match="switched off"):
        come_back(acme.provider.key, said("dora@acme.example"))


def test_nothing_is_linked_to_whoever_is_signed_in(acme: Acme) -> None:
    with pytest.raises(SignInRefused, match="not by hand"):
        come_back(
            acme.provider.key,
            said("dora@acme.example"),
            process="connect",
            request=visitor(acme.cast.outsider),
        )
    assert not SocialAccount.objects.exists()


def test_trying_out_signs_nobody_in_and_is_noted(acme: Acme) -> None:
    request = visitor(acme.cast.owner)
    come_back(acme.provider.key, said("x@other.example"), process="redirect", request=request)
    event = AuditEvent.objects.get(action=Action.SSO_TEST)
    assert event.changes == {"signed_in": "x@other.example"}
    assert request.user == acme.cast.owner
    assert not SocialAccount.objects.exists()


def test_account_that_was_made_meanwhile_is_not_made_twice(acme: Acme) -> None:
    request = visitor()
    with context.request_context(request):
        adapter = get_adapter(request)
        provider = adapter.get_provider(request, provider=acme.provider.key)
        told = said("nina@acme.example")
        login = provider.sociallogin_from_response(request, {"id_token": told, "userinfo": told})
        User.objects.create_user(username="nina", email="nina@acme.example")
        with pytest.raises(SignInRefused, match="Sign in again"):
            adapter.save_user(request, login)
    assert not SocialAccount.objects.exists()


def test_second_factor_is_asked_for_all_the_same(acme: Acme) -> None:
    dora = acme.cast.developer
    confirm(dora)
    TOTP.activate(dora, generate_totp_secret())
    request = come_back(acme.provider.key, said(dora.email))
    assert not request.user.is_authenticated
    with context.request_context(request):
        waiting = unstash_login(request)
    assert waiting.user == dora
    assert waiting.signal_kwargs["sociallogin"].account.provider == acme.provider.key
