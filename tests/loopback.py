"""An OpenAI-compatible server on loopback that answers from a table and goes wrong as it is told."""

import json
import threading
import time
from collections import Counter
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Answer = Callable[[str], str]


class Server:
    """Answers chat completions: `answer(the last user turn)`; `faults` is what to do wrong on the next requests.

    A fault is a status ("429", "500"), "silence" (the connection is closed), or any other words, which are answered.
    """

    def __init__(self, answer: Answer):
        self.answer, self.faults, self.asked = answer, [], Counter()
        self.slow = 0.0
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                words = body["messages"][-1]["content"]
                outer.asked[words] += 1
                fault = outer.faults.pop(0) if outer.faults else None
                time.sleep(outer.slow)
                if fault == "silence":
                    self.close_connection = True
                elif fault is not None and fault.isdecimal():
                    self.send_response(int(fault))
                    if fault == "429":
                        self.send_header("Retry-After", "1")
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                else:
                    self._complete(body, outer.answer(words) if fault is None else fault)

            def _complete(self, body, words):
                reply = {
                    "id": "x",
                    "object": "chat.completion",
                    "created": 1,
                    "model": body["model"],
                    "choices": [
                        {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": words}}
                    ],
                    "usage": {"prompt_tokens": 100, "completion_tokens": 50, "total_tokens": 150},
                }
                data = json.dumps(reply).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.http.server_address[1]}/v1"
        threading.Thread(target=self.http.serve_forever, args=(0.05,), daemon=True).start()

    def close(self):
        self.http.shutdown()
        self.http.server_close()
