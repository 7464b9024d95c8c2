"""What no address shows: each mail, and the pages for when nothing else can be drawn."""

from gallery.entry import PAPER, entry

MAILS = (
    *("account-account_already_exists", "account-email_changed", "account-email_confirmation"),
    *("account-email_confirmation_signup", "account-email_deleted", "account-password_changed"),
    *("account-password_reset", "account-password_reset_key", "account-password_set"),
    *("account-unknown_account", "accounts-account_deleted", "accounts-token_reused"),
    *("apikeys-expiring", "mfa-recovery_codes_generated", "mfa-totp_activated"),
    *("mfa-totp_deactivated", "mfa-webauthn_added", "mfa-webauthn_removed"),
    *("orgs-invitation", "orgs-member_changed", "orgs-member_owner", "orgs-member_removed"),
    *("orgs-organization_deleted", "quotas-limit"),
)

ENTRIES = (
    entry("broken", "/papers/broken.html", None, kind=PAPER),
    entry("database-away", "/papers/database-away.html", None, kind=PAPER),
    *(entry(f"mail-{name}", f"/papers/{name}.html", None, kind=PAPER) for name in MAILS),
)
