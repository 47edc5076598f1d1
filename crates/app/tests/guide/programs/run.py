import base64
import sys

sys.path.insert(0, sys.argv[1])
sys.dont_write_bytecode = True
from verify import is_genuine

for line in sys.stdin:
    header, secret, now_ms, body = line.rstrip("\n").split("\t")
    print(str(is_genuine(header, base64.b64decode(body), secret, int(now_ms))).lower())
