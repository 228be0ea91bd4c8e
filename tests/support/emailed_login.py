"""A login by email, with the data of the browser that requested it and of the email. The cookie is not sent."""

from typing import Any

from people import Client, code_in, token_in


class EmailedLogin:
    """A request for a login link, with its flow, and the token and the code of the email."""

    def __init__(self, service: Any, email: str, path: str = "/auth/magic-link", **body: Any) -> None:
        mark = service.mailbox.mark()
        self.email, self.client = email, Client(service.url)
        response = Client(service.url).post(path, {"email": email, **body})
        assert response.status_code == 202, response.text
        self.answer, self.flow = response.json(), response.json()["flow"]
        self.mail = service.mailbox.wait_for(email, containing="/magic-link", since=mark)
        self.token, self.code = token_in(self.mail, "/magic-link"), code_in(self.mail)

    def by_link(self, **changes: Any) -> Any:
        """Use the link in the browser that requested it."""
        return self.client.post("/auth/magic-link/confirm", {"token": self.token, "flow": self.flow, **changes})

    def by_code(self, **changes: Any) -> Any:
        """Enter the code in the browser that requested it."""
        body = {"email": self.email, "code": self.code, "flow": self.flow, **changes}
        return self.client.post("/auth/magic-link/confirm", body)
