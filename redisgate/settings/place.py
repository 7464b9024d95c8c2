"""Where this platform is, and what only it knows."""

from pathlib import Path

from redisgate.lib import keyring
from redisgate.lib.env import (
    BadSetting,
    Environment,
    bind_address,
    load_dotenv,
    private_directory,
    run_directory,
    web_address,
)

BASE_DIR = Path(__file__).resolve().parent.parent.parent
load_dotenv(BASE_DIR / ".env")
env = Environment()

ENVIRONMENT = env.choice("ENVIRONMENT", "development", ("development", "production"))
IS_PRODUCTION = ENVIRONMENT == "production"
DEBUG = env.flag("DEBUG", default=False)
if DEBUG and IS_PRODUCTION:
    raise BadSetting("DEBUG must be false in production: it shows visitors code and settings.")
DEFAULT_HOST, DEFAULT_PORT, DEFAULT_DATA_DIR = "127.0.0.1", 8000, BASE_DIR / "var"
HOST = env.parsed("HOST", DEFAULT_HOST, bind_address, "an IP address or localhost")
PORT = env.number("PORT", DEFAULT_PORT, least=1, most=65535)
DATA_DIR = private_directory(Path(env.text("DATA_DIR", str(DEFAULT_DATA_DIR))).absolute())
RUN_DIR = run_directory(DATA_DIR)
IS_OPEN_TO_ALL = HOST in {"0.0.0.0", "::"}  # noqa: S104  compared, not bound
_reachable_host = "127.0.0.1" if IS_OPEN_TO_ALL else f"[{HOST}]" if ":" in HOST else HOST
if IS_PRODUCTION:
    env.required(
        "PUBLIC_URL", "in production, set the address people use, https://redis.example.com."
    )
    env.required("SECRET_KEY", "in production, set a long random text that all machines share.")
PUBLIC_URL = env.parsed(
    "PUBLIC_URL",
    f"http://{_reachable_host}:{PORT}",
    web_address,
    "an address such as https://redis.example.com",
)
IS_HTTPS = PUBLIC_URL.startswith("https://")
VERSION = "0.1.0"

# They make themselves; several machines must share SECRET_KEY and a copy of keyring.json.
KEYRING_FILE = DATA_DIR / "keyring.json"
_keyring = keyring.load_or_create(KEYRING_FILE)
SECRET_KEY = env.text("SECRET_KEY", _keyring.secret_key)
if len(SECRET_KEY) < 32:
    raise BadSetting("SECRET_KEY is shorter than 32 characters: use a long random one.")
SIGNING_KEYS: list[tuple[str, str]] = list(_keyring.signing_keys)
ENCRYPTION_KEYS: list[str] = list(_keyring.encryption_keys)
