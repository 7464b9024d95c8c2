"""A SAML identity provider in a few lines: it answers as asked, and as attackers would."""

import base64
import datetime
import uuid
from dataclasses import dataclass, replace
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from onelogin.saml2.utils import OneLogin_Saml2_Utils

ENTITY_ID = "https://saml.acme.example/metadata"
SIGN_IN_URL = "https://saml.acme.example/sign-in"
MINUTE = datetime.timedelta(minutes=1)


@cache
def key_pair(name: str) -> tuple[str, str]:
    """Make a private key and a certificate for it, as PEM."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - MINUTE)
        .not_valid_after(now + 60 * MINUTE)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return private.decode(), certificate.public_bytes(serialization.Encoding.PEM).decode()


def certificate(name: str = "idp") -> str:
    """Return the certificate as metadata holds it."""
    lines = key_pair(name)[1].strip().splitlines()
    return "".join(lines[1:-1])


def metadata() -> str:
    return f"""<?xml version="1.0"?>
<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata"
    xmlns:ds="http://www.w3.org/2000/09/xmldsig#" entityID="{ENTITY_ID}">
  <md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
    <md:KeyDescriptor use="signing"><ds:KeyInfo><ds:X509Data>
      <ds:X509Certificate>{certificate()}</ds:X509Certificate>
    </ds:X509Data></ds:KeyInfo></md:KeyDescriptor>
    <md:SingleSignOnService Location="{SIGN_IN_URL}"
      Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"/>
  </md:IDPSSODescriptor>
</md:EntityDescriptor>"""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the provider says of somebody; ``signed_by`` None leaves the signature out."""

    in_response_to: str
    acs_url: str
    audience: str
    address: str = "nina@acme.example"
    issuer: str = ENTITY_ID
    ends_after: datetime.timedelta = 5 * MINUTE
    signed_by: str | None = "idp"

    def but(self, **changes: object) -> "Answer":
        return replace(self, **changes)  # type: ignore[arg-type]

    def encoded(self) -> str:
        """Return the answer as a browser posts it."""
        xml = self._xml()
        if self.signed_by is not None:
            key, pem = key_pair(self.signed_by)
            xml = OneLogin_Saml2_Utils.add_sign(xml, key, pem).decode()
        return base64.b64encode(xml.encode()).decode()

    def _xml(self) -> str:
        now = datetime.datetime.now(datetime.UTC)
        at, until = _text(now), _text(now + self.ends_after)
        before = _text(min(now, now + self.ends_after) - MINUTE)
        in_response_to = f'InResponseTo="{self.in_response_to}"' if self.in_response_to else ""
        return f"""<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol"
 xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_{uuid.uuid4().hex}" Version="2.0"
 IssueInstant="{at}" Destination="{self.acs_url}" {in_response_to}>
<saml:Issuer>{self.issuer}</saml:Issuer>
<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>
<saml:Assertion ID="_{uuid.uuid4().hex}" Version="2.0" IssueInstant="{at}">
<saml:Issuer>{self.issuer}</saml:Issuer>
<saml:Subject>
<saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent">subject-1</saml:NameID>
<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">
<saml:SubjectConfirmationData NotOnOrAfter="{until}" Recipient="{self.acs_url}" {in_response_to}/>
</saml:SubjectConfirmation></saml:Subject>
<saml:Conditions NotBefore="{before}" NotOnOrAfter="{until}"><saml:AudienceRestriction>
<saml:Audience>{self.audience}</saml:Audience></saml:AudienceRestriction></saml:Conditions>
<saml:AuthnStatement AuthnInstant="{at}" SessionIndex="_1"><saml:AuthnContext>
<saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef>
</saml:AuthnContext></saml:AuthnStatement>
<saml:AttributeStatement><saml:Attribute Name="email">
<saml:AttributeValue>{self.address}</saml:AttributeValue></saml:Attribute></saml:AttributeStatement>
</saml:Assertion></samlp:Response>"""


def _text(at: datetime.datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
