"""A visitor of the hosted pages, in a browser without scripts."""

import re
from html import unescape

from browser import Browser
from people import Person, new_email, new_password


class Reader(Browser):
    """Move from page to page; `page` is the current one."""

    def __init__(self, service, name="alice", agent="Alice's browser"):
        super().__init__(**{"User-Agent": agent, "Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
        self.service, self.name = service, name.title()
        self.email, self.password = new_email(name), new_password()

    def open(self, path):
        self.page = self.get(path if "://" in path else self.service.url + path)
        return self.page

    def send_form(self, to=None, **fields):
        self.page = self.submit(self.page, to=to, **fields)
        return self.page

    def goes(self, method, path, fields):
        """Send a form that the page does not contain, such as that of a button with `formaction`."""
        self.page = self._goes(method, self.service.url + path, str(self.page.url), fields, None, self.service.url)
        return self.page

    def sign_up(self, **changes):
        self.open("/signup")
        return self.send_form(**{"email": self.email, "username": self.name, "password": self.password, **changes})

    def log_in(self, **changes):
        self.open("/login")
        return self.send_form(**{"email": self.email, "password": self.password, **changes})

    def press(self, to, **fields):
        self.open("/account")
        return self.send_form(to=to, **fields)

    @property
    def is_logged_in(self):
        return self.open("/account").url.path == "/account"

    def mail(self, page):
        return self.service.mailbox.wait_for(self.email, containing=page)


def heading(page):
    return unescape(re.search(r"<h1>(.*?)</h1>", page.text)[1])


def notice(page):
    found = re.search(r'class="(?:refusal|said)".*?<p>(.*?)</p>', page.text, re.S)
    return unescape(re.sub("<.*?>", "", found[1])) if found else ""


def codes_on(page):
    return re.findall(r"<li><code>([\w-]+)</code></li>", page.text)


def hidden(page, name):
    found = re.search(rf'name="{name}" value="([^"]*)"', page.text)
    return unescape(found[1]) if found else None


def person_of(browser: Reader) -> Person:
    """Return the user of a browser, logged in on another device."""
    person = Person(browser.service, browser.name)
    person.email, person.password = browser.email, browser.password
    assert person.log_in().status_code == 200
    return person
