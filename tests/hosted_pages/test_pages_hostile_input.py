"""Hostile input to the hosted pages, and requests that an attacker makes other browsers send."""

import itertools
import re
from contextlib import closing
from urllib.parse import urlencode

from databases import SQLITE_ONLY
from people import new_password
from reader import Reader
from routes import hosted_pages

POSTS = sorted(r.path for r in hosted_pages.router.routes if r.methods == {"POST"})
OPEN = [
    "/login",
    "/signup",
    "/verify-email",
    "/reset-password",
    "/accept-invitation",
    "/confirm-email-change",
    "/not-me",
    "/secure-account",
    "/undo-email-change",
]


FOREIGN = [
    {},
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "https://evil.example", "Sec-Fetch-Site": "same-origin"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
]


@SQLITE_ONLY
def test_cross_site_form_is_rejected(member):
    """With or without cookies: it could log a user in as the attacker."""
    form = {"email": member.email, "password": member.password, "username": "Mallory", "token": "x", "new_password": new_password(), "old_password": member.password}  # fmt: skip
    cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in member.cookies)
    for path, headers, shown in itertools.product([*POSTS, "/auth/continue"], FOREIGN, ({}, {"Cookie": cookies})):
        url = member.service.url + path.format(session_id="x", provider="google")
        answer = member._http.post(url, data=form, headers={**headers, **shown})
        assert answer.status_code == 403, (path, headers)
        assert "set-cookie" not in answer.headers
        assert "The form was not sent from this site" in answer.text
    assert member.is_logged_in
    assert "Mallory" not in member.page.text


ELSEWHERE = ["//evil.example", "https://evil.example", "/\\evil.example", "\\/evil.example", "/account/../../evil", "/admin/console/../../oauth/google", "/admin/console/%2E./%2e%2e/oauth/google?use_cookies=true", "/admin/console/users/.", "/admin/console/..?x=1", "javascript:alert(1)", "/account\n.evil.example", "/account@evil.example", "/account/profile?x=//evil", "%2f%2fevil.example", "/docs", "/login", "/account/logout", "/account/sessions/x", "", " /account", "/ａccount"]  # fmt: skip


@SQLITE_ONLY
def test_login_redirects_only_to_hosted_pages(member):
    url, ours = member.service.url, {"Origin": member.service.url}
    refresh = {"Cookie": f"refresh_token={member.cookie('refresh_token').value}"}
    for wanted in ELSEWHERE:
        form = {"email": member.email, "password": member.password, "next": wanted}
        answer = member._http.post(f"{url}/login", data=form, headers=ours)
        assert (answer.status_code, answer.headers["location"]) == (303, "/account"), wanted
        answer = member._http.get(f"{url}/auth/continue", params={"next": wanted}, headers=refresh)
        assert answer.status_code == 307
        assert re.fullmatch(r"/account(/[\w-]+)*", answer.headers["location"]), wanted
        refresh = {"Cookie": re.search(r"refresh_token=[^;]+", answer.headers.get_list("set-cookie")[1])[0]}


@SQLITE_ONLY
def test_form_cannot_be_prefilled_by_a_url(member):
    """A password manager would store the new password with Mallory's email address."""
    query = urlencode(dict.fromkeys(["email", "new_email", "username", "code"], "mallory@evil.example"))
    for path in ("/account/password", "/account/email", "/account/profile", "/account/delete", "/verify-email"):
        text = member.open(f"{path}?{query}").text
        assert "mallory@evil.example" not in text, path
    assert 'autocomplete="username" value="' + member.email in member.open(f"/account/password?{query}").text
    member.cookies = []
    for path in OPEN:
        assert "mallory@evil.example" not in member.open(f"{path}?{query}").text, path


EVIL = "\"'><script>alert(1)</script>{{7*7}}<img src=x onerror=alert(2)>"


@SQLITE_ONLY
def test_url_content_is_not_rendered(reader):
    for page, name in itertools.product(OPEN, ["next", "token", "error", "message", "email"]):  # fmt: skip
        text = reader.open(f"{page}?{urlencode({name: EVIL})}").text
        assert not re.search(r"<script>|<img src=x|>49<", text), (page, name)


@SQLITE_ONLY
def test_input_is_escaped(reader):
    page = reader.sign_up(email=EVIL, username=EVIL)
    assert page.status_code == 422
    assert not re.search(r"<script>|<img src=x|>49<", page.text)
    assert reader._http.get(f"{reader.service.url}/account/profile", headers={"User-Agent": EVIL}).status_code == 307


@SQLITE_ONLY
def test_device_is_shown_by_its_name_and_not_by_its_user_agent(member):
    with closing(Reader(member.service, agent=EVIL)) as odd:
        odd.email, odd.password = member.email, member.password
        assert not re.search(r"<script>|<img src=x", odd.log_in().text)


FIELDS = ["email", "password", "token", "username", "next", "new_email", "new_password", "old_password", "code"]


def each_is(value):
    return "&".join(f"{field}={value}" for field in FIELDS).encode()


def of_kind(kind):
    return {"Content-Type": kind}


FORM = of_kind("application/x-www-form-urlencoded")
HOSTILE = {
    "nothing": {"content": b"", "headers": FORM},
    "JSON": {"json": dict.fromkeys(FIELDS, "x")},
    "JSON by another name": {"content": b'{"email": 1}', "headers": FORM},
    "files": {"files": dict.fromkeys(FIELDS, ("x", b"y"))},
    "a torn multipart": {"content": b"--x\r\nContent-Dis", "headers": of_kind("multipart/form-data; boundary=x")},
    "no boundary": {"content": b"--x", "headers": of_kind("multipart/form-data")},
    "NUL": {"content": each_is("%00"), "headers": FORM},
    "surrogates": {"content": each_is("%ED%A0%80"), "headers": FORM},
    "not UTF-8": {"content": b"email=\xff\xfe", "headers": FORM},
    "long": {"content": each_is("x" * 5000), "headers": FORM},
    "many fields": {"content": b"&".join(b"f%d=x" % i for i in range(2000)), "headers": FORM},
    "too long": {"content": b"email=" + b"x" * 70_000, "headers": FORM},
}


NEEDS_NOTHING = re.compile("/account/(logout|sessions|delete|link|unlink).*")


@SQLITE_ONLY
def test_any_form_content_gets_a_page(member):
    cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in member.cookies)
    for name, sent in HOSTILE.items():
        for path in filter(lambda path: not NEEDS_NOTHING.match(path), POSTS):
            headers = {"Origin": member.service.url, "Cookie": cookies, **sent.get("headers", {})}
            answer = member._http.post(member.service.url + path, **{**sent, "headers": headers})
            if (name, path) == ("surrogates", "/account/profile"):
                assert answer.status_code == 303
                continue  # invalid characters become "\N{REPLACEMENT CHARACTER}", which is a valid name
            assert answer.status_code in (400, 403, 413, 422), (name, path, answer.status_code)
            assert answer.headers["content-type"] == "text/html; charset=utf-8", (name, path)
            assert "set-cookie" not in answer.headers


@SQLITE_ONLY
def test_password_is_never_rendered(reader):
    secret = "Tr0ub4dor &3 horses"
    for page in (reader.sign_up(email="nobody", password=secret), reader.log_in(password=secret)):
        assert page.status_code in (401, 422)
        assert "Tr0ub4dor" not in page.text
    reader.open("/reset-password?token=x")
    assert "Tr0ub4dor" not in reader.send_form(new_password=secret).text
