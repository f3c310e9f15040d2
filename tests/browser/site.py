"""The demonstration as a site: people who are signed in once each, and trails of links that lead to pages."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import unescape
from typing import Any
from urllib.parse import urljoin

from playwright.sync_api import Browser, BrowserContext, Page

from tests.demonstration import Demo


class Site:
    """Signs people in once each, and lends their session to as many browsers as are wanted.

    `scripts` are there on every page before its own. A site that is `like` another knows its sessions and trails.
    """

    def __init__(
        self, demo: Demo, browser: Browser, *, scripts: Sequence[str] = (), like: "Site | None" = None
    ) -> None:
        self.scripts = scripts
        self.demo = demo
        self.browser = browser
        self._sessions: dict[str, Any] = like._sessions if like else {}
        self._contexts: dict[tuple[str, str, bool], BrowserContext] = {}
        self._read: dict[tuple[str, str], str] = like._read if like else {}

    def context(self, username: str, language: str = "en", *, script: bool = True) -> BrowserContext:
        """The browser of that person in that language; the same one for the same question."""
        key = (username, language, script)
        if key not in self._contexts:
            self._contexts[key] = self._opened(username, language, script=script)
        return self._contexts[key]

    def _opened(self, username: str, language: str, *, script: bool) -> BrowserContext:
        context = self.browser.new_context(
            storage_state=self._sessions.get(username),
            java_script_enabled=script,
            viewport={"width": 1280, "height": 900},
            locale=language,
        )
        context.set_default_timeout(15_000)
        for text in self.scripts if script else ():
            context.add_init_script(text)
        if username and username not in self._sessions:
            self._sign_in(context, username)
            self._sessions[username] = context.storage_state()
        context.add_cookies([{"name": "django_language", "value": language, "url": self.demo.url}])
        return context

    def _sign_in(self, context: BrowserContext, username: str) -> None:
        """By the form, but without drawing it."""
        url = f"{self.demo.url}/accounts/sign-in/"
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', context.request.get(url).text())
        assert token is not None
        person = next(one for one in self.demo.credentials["people"] if one["username"] == username)
        fields = {"username": username, "password": person["password"], "csrfmiddlewaretoken": token[1]}
        answer = context.request.post(url, form=fields, headers={"Referer": url})
        if "/accounts/second-step/" in answer.url:
            token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', answer.text())
            assert token is not None
            fields = {"code": person["code"], "next": "/", "csrfmiddlewaretoken": token[1]}
            answer = context.request.post(answer.url, form=fields, headers={"Referer": answer.url})
            assert "/accounts/second-step/" not in answer.url, f"{username} could not take the second step"
        assert "/accounts/sign-in/" not in answer.url, f"{username} could not sign in"

    def page(self, username: str, language: str = "en", *, script: bool = True) -> Page:
        """The one window of that person's browser."""
        context = self.context(username, language, script=script)
        return context.pages[0] if context.pages else context.new_page()

    def read(self, username: str, path: str) -> str:
        """A page's text as the server sends it; fetched once."""
        if (username, path) not in self._read:
            answer = self.context(username).request.get(self.demo.url + path)
            self._read[username, path] = unescape(answer.text())
        return self._read[username, path]

    def follow(self, username: str, path: str, *links: str) -> str | None:
        """Where a trail ends: from a page by the first link of each pattern that leads on. None if none does."""
        if not links:
            return path
        for found in dict.fromkeys(re.findall(f'href="({links[0]})"', self.read(username, path))):
            if (end := self.follow(username, urljoin(path, found), *links[1:])) is not None:
                return end
        return None

    def close(self) -> None:
        """Close every browser that was opened."""
        for context in self._contexts.values():
            context.close()


@dataclass(frozen=True)
class Address:
    """A page: the name of its URL (and what tells it apart), who opens it, the trail to it, what it answers.

    The trail is a path and patterns of links to follow from there; `then` is the last, relative step.
    """

    name: str
    username: str
    path: str
    links: tuple[str, ...] = ()
    then: str = ""
    status: int = 200

    def find(self, site: Site) -> str:
        """The path of the page in this demonstration."""
        end = site.follow(self.username, self.path, *self.links)
        assert end is not None, f"{self.name}: {self.username} finds no way from {self.path} by {self.links}"
        return urljoin(end, self.then)
