"""Identity providers of the whole platform."""

from redisgate.lib.env import optional_web_page, page_or_file, require_sso_together, text_of_file
from redisgate.settings.place import env

SOCIALACCOUNT_ADAPTER = "sso.adapter.SocialAccountAdapter"
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {"provider_class": "sso.oidc.Provider"},
    "saml": {"provider_class": "sso.saml.Provider"},
}
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SSO_OIDC_ISSUER = env.parsed(
    "SSO_OIDC_ISSUER", "", optional_web_page, "an address such as https://id.example.com"
)
SSO_OIDC_CLIENT_ID = env.text("SSO_OIDC_CLIENT_ID")
SSO_OIDC_CLIENT_SECRET = env.text("SSO_OIDC_CLIENT_SECRET") or env.parsed(
    "SSO_OIDC_CLIENT_SECRET_FILE", "", text_of_file, "a file that this account can read"
)
SSO_OIDC_NAME = env.text("SSO_OIDC_NAME", "OpenID Connect")
SSO_SAML_METADATA = env.parsed(
    "SSO_SAML_METADATA", "", page_or_file, "a file with metadata, or its https:// address"
)
SSO_SAML_NAME = env.text("SSO_SAML_NAME", "SAML")
SSO_DOMAINS = [domain.lower() for domain in env.words("SSO_DOMAINS")]
SSO_SESSION_HOURS = env.number("SSO_SESSION_HOURS", 24, least=1, most=336)
require_sso_together(
    SSO_OIDC_ISSUER, SSO_OIDC_CLIENT_ID, SSO_OIDC_CLIENT_SECRET, SSO_SAML_METADATA, SSO_DOMAINS
)
