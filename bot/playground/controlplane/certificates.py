"""The control plane's certificate authority, its server certificate, and the key that signs account tokens."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

NAMES = ("localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc")
ADDRESSES = ("127.0.0.1", "10.0.0.1")
VALID = timedelta(days=365)  # longer than any playground or test runs


@dataclass(frozen=True, slots=True)
class Certificates:
    """The files' paths. Private keys are readable by their owner alone."""

    ca: Path
    server: Path
    server_key: Path
    accounts: Path
    accounts_key: Path


def make_certificates(folder: Path) -> Certificates:
    ca_key = ec.generate_private_key(ec.SECP256R1())
    server_key = ec.generate_private_key(ec.SECP256R1())
    accounts_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    ca = _sign("timonier-playground-ca", ca_key.public_key(), ca_key, issuer=None)
    server = _sign("kube-apiserver", server_key.public_key(), ca_key, issuer=ca)
    return Certificates(
        ca=_write(folder / "ca.crt", ca.public_bytes(serialization.Encoding.PEM)),
        server=_write(folder / "server.crt", server.public_bytes(serialization.Encoding.PEM)),
        server_key=_write(folder / "server.key", _private(server_key)),
        accounts=_write(folder / "sa.pub", _public(accounts_key)),
        accounts_key=_write(folder / "sa.key", _private(accounts_key)),
    )


def _sign(
    name: str, key: ec.EllipticCurvePublicKey, signing_key: ec.EllipticCurvePrivateKey, issuer: x509.Certificate | None
) -> x509.Certificate:
    """An authority when there is no issuer, else a server. Python ≥ 3.13 insists on key identifiers and key usage."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    is_ca = issuer is None
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.subject if issuer else subject)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + VALID)
        .add_extension(x509.BasicConstraints(ca=is_ca, path_length=None), critical=True)
        .add_extension(_key_usage(is_ca), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signing_key.public_key()), critical=False)
    )
    if not is_ca:
        names = [*map(x509.DNSName, NAMES), *(x509.IPAddress(ip_address(address)) for address in ADDRESSES)]
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
        server_auth = x509.ExtendedKeyUsage([x509.oid.ExtendedKeyUsageOID.SERVER_AUTH])
        builder = builder.add_extension(server_auth, critical=False)
    return builder.sign(signing_key, hashes.SHA256())


def _key_usage(is_ca: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=is_ca,
        crl_sign=is_ca,
        encipher_only=False,
        decipher_only=False,
    )


def _private(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )


def _public(key: rsa.RSAPrivateKey) -> bytes:
    return key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def _write(path: Path, content: bytes) -> Path:
    path.touch(mode=0o600)
    path.write_bytes(content)
    return path
