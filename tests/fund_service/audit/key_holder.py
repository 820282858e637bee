"""A signer outside the service, as FUND_LOG_SIGNER names one: it holds a key in a file, and gives signatures alone.

python key_holder.py SECRET [--public-key]: the file holds 32 bytes; the message is read from the standard input.
"""

import sys
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

secret = Ed25519PrivateKey.from_private_bytes(Path(sys.argv[1]).read_bytes())
if sys.argv[2:] == ["--public-key"]:
    sys.stdout.buffer.write(secret.public_key().public_bytes_raw())
else:
    sys.stdout.buffer.write(secret.sign(sys.stdin.buffer.read()))
