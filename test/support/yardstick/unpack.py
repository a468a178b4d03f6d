"""Takes off what no layer is wrapped in, so that archives are compared and not these: uuencode, compress and bzip2."""

import binascii
import bz2
import pathlib
import subprocess
import sys


def uudecode(text):
    decoded = bytearray()
    inside = False
    for line in text.splitlines():
        if not inside:
            inside = line.startswith(b"begin ")
        elif line == b"end":
            break
        else:
            try:
                decoded += binascii.a2b_uu(line)
            except binascii.Error:
                # Some encoders pad the last line with what is none of it.
                decoded += binascii.a2b_uu(line[: 1 + (((line[0] - 32) & 63) * 4 + 5) // 3])
    return bytes(decoded)


unpack = {
    ".uu": lambda path: uudecode(path.read_bytes()),
    ".Z": lambda path: subprocess.run(["gzip", "-dc", path], check=True, stdout=subprocess.PIPE).stdout,
    ".bz2": lambda path: bz2.decompress(path.read_bytes()),
}

for wrapped in (".uu", ".Z", ".bz2"):
    for path in pathlib.Path(sys.argv[1]).rglob(f"*{wrapped}"):
        path.with_suffix("").write_bytes(unpack[wrapped](path))
        path.unlink()
