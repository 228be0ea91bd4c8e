"""The Next.js example, whose server sends requests on behalf of its visitors."""

import os
import subprocess

import pytest

from servers import PROJECT

# A server that returns the IP address it would send to the service, and one visitor.
SCRIPT = """
import { createServer, request } from "node:http";
await import("./lib/client-address.ts");
const server = createServer((request, response) => response.end(request.headers["x-forwarded-for"]));
server.listen(0, "127.0.0.1", () => {
  const headers = process.env.WRITTEN ? { "X-Forwarded-For": process.env.WRITTEN } : {};
  request({ port: server.address().port, host: "127.0.0.1", headers }, (answer) => {
    answer.on("data", (told) => process.stdout.write(told)).on("end", () => server.close());
  }).end();
});
"""


@pytest.mark.parametrize(
    ("written", "behind_proxy", "told"),
    [
        ("", "", "127.0.0.1"),
        ("192.0.2.66", "", "127.0.0.1"),
        ("192.0.2.66, 198.51.100.7", "true", "198.51.100.7"),
    ],
    ids=["a visitor", "a visitor who writes an address", "behind a proxy"],
)
def test_visitors_cannot_forge_their_ip_address(written, behind_proxy, told):
    tsx = PROJECT / "clients" / "typescript" / "node_modules" / ".bin" / "tsx"
    done = subprocess.run(
        [tsx, "--input-type=module", "--eval", SCRIPT],
        cwd=PROJECT / "examples" / "nextjs",
        env={**os.environ, "WRITTEN": written, "BEHIND_PROXY": behind_proxy},
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, told), done.stderr
