"""Why a connection failed, and what to do about it, in words."""

import socket
import ssl


class Refused(Exception):
    """The server answered, but not what a client hopes for; the text is the server's own."""


def cause_of(error: OSError | Refused, where: str, deadline_seconds: float) -> str:
    """Say what happened at this address."""
    match error:
        case Refused():
            return f"The server answered: {error}"
        case ssl.SSLCertVerificationError():
            return f"The certificate at {where} can't be trusted: {error.verify_message}."
        case ssl.SSLError():
            return f"{where} doesn't speak TLS as a client expects: {error.reason or error}."
        case TimeoutError():
            return f"Nothing answered at {where} within {deadline_seconds:g} s."
        case ConnectionRefusedError():
            return f"Nothing listens at {where}. The server is not running there right now."
        case ConnectionResetError() | BrokenPipeError():
            return f"The server at {where} closed the connection."
        case socket.gaierror():
            return f"The name of the host in {where} can't be resolved."
        case _:
            return f"{where} can't be reached: {error.strerror or error}."


def advice_for(error: OSError | Refused) -> str:
    """Say what to do next."""
    match error:
        case Refused() if "max number of clients" in str(error):
            return "Close connections that you no longer need, or restart the instance."
        case Refused():
            return _ADVICE_BY_CODE.get(str(error).split(" ", 1)[0], _ASK)
        case ssl.SSLCertVerificationError():
            return (
                "Clients must know the authority that signed it, and the host name must stand in "
                "it. Your operator sets INSTANCE_TLS_CERT and INSTANCE_TLS_CA."
            )
        case ssl.SSLError():
            return "Restart the instance, so that it takes the certificate of the settings."
        case TimeoutError():
            return "A firewall may swallow the packets: let this port through, or use HTTP."
        case ConnectionRefusedError():
            return "Start the instance if it is stopped. If it runs, restart it."
        case socket.gaierror():
            return (
                "The address that people get is a setting, INSTANCE_HOST: your operator points it "
                "at a name that your network knows."
            )
        case _:
            return _ASK


_ASK = "Test again in a moment. If it stays, give these words to your operator."
_ADVICE_BY_CODE = {
    "WRONGPASS": (
        "A new password may be on its way to the server: test again in a few seconds. "
        "If it stays, rotate the password."
    ),
    "LOADING": "The server is reading its data. Wait until it is done, then test again.",
    "BUSY": "A script keeps the server busy. End it, or restart the instance.",
    "MISCONF": "The server can't save to disk. Tell your operator that the disk may be full.",
    "NOAUTH": "The server asks for a password that it was not given. Rotate the password.",
}
