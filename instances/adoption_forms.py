"""What a person is asked about a server that somebody else runs."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from instances import tls
from instances.adoption import Place
from instances.models import Instance, TheirServer

PEM_FILE = forms.FileInput(attrs={"accept": ".pem,.crt,.cer,.key"})


class PlaceForm(forms.Form):
    """Where the server is, how to log in, and what we may do there."""

    url = forms.CharField(
        label="Address",
        max_length=2048,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "spellcheck": "false", "inputmode": "url"}
        ),
        help_text="redis://user@host:6379/0, or rediss:// for TLS.",
        error_messages={"required": "Give the server's address, such as rediss://host:6379."},
    )
    password = forms.CharField(
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text="Kept sealed, and never shown again.",
    )
    ca_certificate = forms.FileField(
        label="CA certificate",
        required=False,
        widget=PEM_FILE,
        help_text="In PEM form. Without it the usual public authorities count.",
    )
    server_name = forms.CharField(
        required=False,
        max_length=253,
        help_text="The name in the server's certificate, where it isn't the host's.",
    )
    client_certificate = forms.FileField(required=False, widget=PEM_FILE)
    client_key = forms.FileField(required=False, widget=PEM_FILE)
    manage_users = forms.BooleanField(label="Let RedisGate manage users there", required=False)

    def clean_ca_certificate(self) -> str:
        return self._text("ca_certificate")

    def clean_client_certificate(self) -> str:
        return self._text("client_certificate")

    def clean_client_key(self) -> str:
        return self._text("client_key")

    def place(self) -> Place:
        """Put what was read into what the service takes."""
        read = self.cleaned_data
        return Place(
            url=read["url"],
            password=read["password"],
            ca_certificate=read["ca_certificate"],
            server_name=read["server_name"],
            client_certificate=read["client_certificate"],
            client_key=read["client_key"],
            manage_users=read["manage_users"],
        )

    def _text(self, name: str) -> str:
        """Read a file as far as a certificate may reach; what isn't text is no PEM."""
        upload: UploadedFile[bytes] | None = self.cleaned_data[name]
        if upload is None:
            return ""
        return bytes(upload.read(tls.LONGEST_PEM + 1)).decode("ascii", "replace").replace("\0", "")


class AdoptForm(PlaceForm):
    """A new instance of such a server."""

    name = forms.CharField(
        max_length=Instance._meta.get_field("name").max_length,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    field_order = ["name"]


def initial_of(server: TheirServer) -> dict[str, Any]:
    """Fill in what is known, but never the password or a key."""
    host = f"[{server.host}]" if ":" in server.host else server.host
    scheme = "rediss" if server.is_tls else "redis"
    return {
        "url": f"{scheme}://{server.user}@{host}:{server.port}/{server.database}",
        "server_name": server.server_name,
        "manage_users": server.manages_users,
    }
