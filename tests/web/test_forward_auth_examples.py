"""Forward auth with Traefik and Envoy: the example files use their documented options, and replace all headers."""

import httpx2
import yaml

from servers import PROJECT

ANSWERED = {"x-user-id", "x-user-email", "x-user-name", "x-user-roles", "x-user-permissions", "x-auth-acr"}


def documented(name):
    return yaml.safe_load((PROJECT / "examples" / "forward_auth" / name).read_text("utf-8"))


def test_traefik_asks_the_service_and_replaces_its_headers():
    http = documented("traefik.yaml")["http"]
    verify = http["middlewares"]["verify"]["forwardAuth"]
    assert verify.keys() == {"address", "trustForwardHeader", "authResponseHeaders"}
    assert httpx2.URL(verify["address"]).path == "/auth/verify"
    assert verify["trustForwardHeader"] is False
    assert {name.lower() for name in verify["authResponseHeaders"]} == ANSWERED
    removed = http["middlewares"]["without-credentials"]["headers"]["customRequestHeaders"]
    assert removed == {"Authorization": "", "X-API-Key": ""}  # an empty value removes a header
    assert http["routers"]["application"]["middlewares"] == ["verify", "without-credentials"]


def test_envoy_asks_the_service_and_replaces_its_headers():
    (listener,) = documented("envoy.yaml")["static_resources"]["listeners"]
    manager = listener["filter_chains"][0]["filters"][0]["typed_config"]
    names = [each["name"].rpartition(".")[2] for each in manager["http_filters"]]
    assert names == ["header_mutation", "ext_authz", "router"]  # the last one must be the router
    asking = manager["http_filters"][1]["typed_config"]
    assert asking["failure_mode_allow"] is False
    assert asking["http_service"]["path_prefix"] == "/auth/verify"
    upstream = asking["http_service"]["authorization_response"]["allowed_upstream_headers"]["patterns"]
    assert {pattern["exact"] for pattern in upstream} == ANSWERED
    sent = {each["exact"] for each in asking["http_service"]["authorization_request"]["allowed_headers"]["patterns"]}
    assert {"authorization", "x-api-key", "cookie", "x-forwarded-host", "x-forwarded-uri"} <= sent
    (host,) = manager["route_config"]["virtual_hosts"]
    assert host["request_headers_to_remove"] == ["authorization", "x-api-key"]
