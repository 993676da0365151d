"""A certificate for a server on this machine."""

from __future__ import annotations

import datetime
import ipaddress
import os
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from toolkit.plugins import MissingExtraError, StoreError

if TYPE_CHECKING:
    from cryptography.x509 import GeneralName

__all__ = ["Certificate", "self_signed"]

DAYS = 825  # the longest that clients accept of a server's certificate
RENEW_DAYS = 30


@dataclass(frozen=True, slots=True)
class Certificate:
    """Two PEM files.

    Parameters
    ----------
    cert, key : Path
        The certificate, with its chain if it has one, and the private key.
    """

    cert: Path
    key: Path

    def read(self) -> tuple[bytes, bytes]:
        """Certificate and key, PEM.

        Raises
        ------
        StoreError
            A file is not there.
        """
        try:
            return self.cert.read_bytes(), self.key.read_bytes()
        except OSError as error:
            raise StoreError(f"cannot read the certificate: {error}") from error


def self_signed(directory: Path, *, hosts: tuple[str, ...] = ()) -> Certificate:
    """A certificate for localhost and some more names, self-signed; the one in the directory if it is still valid.

    Parameters
    ----------
    directory : Path
        A folder for the two files.
    hosts : tuple of str
        Names and addresses, besides this machine's own.

    Raises
    ------
    MissingExtraError
        If `cryptography` is not installed.
    """
    made = Certificate(directory / "cert.pem", directory / "key.pem")
    names = tuple(dict.fromkeys(("localhost", *hosts)))
    if not _holds(made, names):
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write(made, names)
    return made


def _holds(made: Certificate, names: tuple[str, ...]) -> bool:
    if not (made.cert.is_file() and made.key.is_file()):
        return False
    x509 = _x509()
    try:
        found = x509.load_pem_x509_certificate(made.cert.read_bytes())
        there = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (ValueError, x509.ExtensionNotFound):
        return False
    late = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=RENEW_DAYS)
    return found.not_valid_after_utc > late and set(_alternatives(names)) <= set(there)


def _write(made: Certificate, names: tuple[str, ...]) -> None:
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    x509 = _x509()
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "rank-toolkit on this machine")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=DAYS))
        .add_extension(x509.SubjectAlternativeName(_alternatives(names)), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    made.key.unlink(missing_ok=True)
    with os.fdopen(os.open(made.key, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(private)
    made.cert.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))


def _alternatives(names: tuple[str, ...]) -> list[GeneralName]:
    x509 = _x509()
    addresses = ["127.0.0.1", "::1"]
    texts = []
    for name in names:
        try:
            addresses.append(str(ipaddress.ip_address(name)))
        except ValueError:
            texts.append(name)
    return [
        *(x509.DNSName(text) for text in texts),
        *(x509.IPAddress(ipaddress.ip_address(one)) for one in dict.fromkeys(addresses)),
    ]


def _x509() -> ModuleType:
    try:
        from cryptography import x509
    except ImportError as error:
        raise MissingExtraError("a certificate of one's own", "cryptography", "wire") from error
    return x509
