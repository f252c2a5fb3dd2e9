"""Receives webhooks on port PORT, verifies them, and appends "sequence id" to the file OUT before it answers."""
import base64
import hashlib
import hmac
import http.server
import json
import os

key = base64.b64decode(os.environ["WEBHOOK_SECRET"].removeprefix("whsec_"))
out = open(os.environ["OUT"], "ab", buffering=0)


class Receiver(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        signed = f"{self.headers['webhook-id']}.{self.headers['webhook-timestamp']}.".encode() + body
        expected = "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
        genuine = expected == self.headers["webhook-signature"]
        if genuine:
            event = json.loads(body)
            out.write(f"{int(event['sequence'])} {event['id']}\n".encode())
        self.wfile.write(b"HTTP/1.1 %d -\r\nContent-Length: 0\r\n\r\n" % (200 if genuine else 401))

    def log_message(self, *_):
        pass


http.server.ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Receiver).serve_forever()
