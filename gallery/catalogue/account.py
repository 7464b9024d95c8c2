"""Before and behind the log-in: pages about a person."""

from gallery.acts import filled, one_after_another, pressed, refused, sent
from gallery.entry import MORE, entry

NOBODY = None

ENTRIES = (
    entry("landing", "/", NOBODY),
    entry("log-in", "/accounts/login/", NOBODY),
    entry(
        "log-in-refused",
        "/accounts/login/",
        NOBODY,
        after=one_after_another(
            filled("input[name=login]", "maya@example.com"),
            filled("input[name=password]", "not the one"),
            sent("main form"),
        ),
    ),
    entry("sign-up", "/accounts/signup/", NOBODY, is_forced=True),
    entry("sign-up-refused", "/accounts/signup/", NOBODY, after=sent("main form")),
    entry("sso-find", "/sso/", NOBODY),
    entry("password-reset", "/accounts/password/reset/", NOBODY),
    entry("password-reset-done", "/accounts/password/reset/done/", NOBODY),
    entry("password-reset-stale-link", "/accounts/password/reset/key/1-stale/", NOBODY),
    entry("password-reset-finished", "/accounts/password/reset/key/done/", NOBODY),
    entry("verification-sent", "/accounts/confirm-email/", NOBODY),
    entry("verification-stale-link", "/accounts/confirm-email/stale/", NOBODY),
    entry("account-inactive", "/accounts/inactive/", NOBODY),
    entry("provider-cancelled", "/accounts/3rdparty/login/cancelled/", NOBODY),
    entry("provider-failed", "/accounts/3rdparty/login/error/", NOBODY, status=401),
    entry("invitation-stale", "/invitations/", NOBODY, status=410),
    entry("profile", "/accounts/profile/"),
    entry(
        "profile-user-menu",
        "/accounts/profile/",
        after=pressed(".rg-menu-up summary", shows=".rg-menu-up .rg-menu-panel"),
    ),
    entry("email", "/accounts/email/"),
    entry("security", "/accounts/2fa/"),
    entry("totp-activate", "/accounts/2fa/totp/activate/"),
    entry("security-all", "/accounts/2fa/", "secured"),
    entry("security-passkey", "/accounts/2fa/", "keyed"),
    entry("totp-deactivate", "/accounts/2fa/totp/deactivate/", "secured"),
    entry("recovery-codes", "/accounts/2fa/recovery-codes/", "secured"),
    entry("recovery-codes-new", "/accounts/2fa/recovery-codes/generate/", "secured"),
    entry("passkey-rename", "/accounts/2fa/webauthn/keys/{passkey}/edit/", "keyed"),
    entry("passkey-remove", "/accounts/2fa/webauthn/keys/{passkey}/remove/", "keyed"),
    entry("reauthenticate-code", "/accounts/2fa/reauthenticate/", "secured"),
    entry(
        "log-in-code",
        "/accounts/login/",
        NOBODY,
        after=one_after_another(
            filled("input[name=login]", "sam@example.com"),
            filled("input[name=password]", "correct horse battery"),
            sent("main form", shows="input[name=code]"),
        ),
    ),
    entry("passkey-add", "/accounts/2fa/webauthn/add/"),
    entry("sessions", "/accounts/sessions/"),
    entry("password-change", "/accounts/password/change/"),
    entry("password-change-refused", "/accounts/password/change/", after=sent("main form")),
    entry("reauthenticate", "/accounts/reauthenticate/"),
    entry("log-out", "/accounts/logout/"),
    entry("account-delete", "/accounts/delete/"),
    entry("sso-find-refused", "/sso/", NOBODY, kind=MORE, after=sent("main form")),
    entry(
        "password-reset-refused",
        "/accounts/password/reset/",
        NOBODY,
        kind=MORE,
        after=sent("main form"),
    ),
    entry("profile-refused", "/accounts/profile/", kind=MORE, after=refused("[name=username]")),
    entry(
        "email-refused", "/accounts/email/", kind=MORE, after=refused("main [name=email]", "maya")
    ),
    entry(
        "totp-activate-refused", "/accounts/2fa/totp/activate/", kind=MORE, after=sent("main form")
    ),
    entry(
        "reauthenticate-refused",
        "/accounts/reauthenticate/",
        kind=MORE,
        after=refused("[name=password]", "not the one"),
    ),
    entry(
        "log-in-code-refused",
        "/accounts/login/",
        NOBODY,
        kind=MORE,
        after=one_after_another(
            filled("input[name=login]", "sam@example.com"),
            filled("input[name=password]", "correct horse battery"),
            sent("main form", shows="input[name=code]"),
            refused("input[name=code]", "000000"),
        ),
    ),
    entry("account-delete-alone", "/accounts/delete/", "homeless"),
    entry("long-profile", "/accounts/profile/", "long"),
    entry("long-sessions", "/accounts/sessions/", "long"),
)
