"""What somebody does on a page before its picture is taken."""

from playwright.sync_api import Page, Route

from gallery.entry import Act


def pressed(button: str, *, shows: str = "dialog[open]") -> Act:
    """Press what matches, and wait until something else is to be seen."""

    def act(page: Page) -> None:
        page.locator(button).first.click()
        page.locator(shows).first.wait_for()

    return act


def keyed(keys: str, *, shows: str, text: str = "") -> Act:
    """Press keys on the page, then type a text where the focus is by then."""

    def act(page: Page) -> None:
        page.keyboard.press(keys)
        page.locator("dialog[open]").first.wait_for()
        page.keyboard.type(text)
        page.locator(shows).first.wait_for()

    return act


def seen(what: str) -> Act:
    """Wait until something is to be seen."""
    return lambda page: page.locator(what).first.wait_for()


def filled(field: str, text: str) -> Act:
    return lambda page: page.locator(field).first.fill(text)


def sent(form: str, *, shows: str = ".invalid-feedback, .alert, .rg-alert, [role=alert]") -> Act:
    """Send a form as it is, past the browser's own checks, and wait for the answer."""

    def act(page: Page) -> None:
        page.locator(form).first.evaluate(
            "form => { form.noValidate = true; form.requestSubmit(); }"
        )
        page.locator(shows).first.wait_for()

    return act


def refused(field: str, text: str = "", form: str = "main form") -> Act:
    """Send a form with something that it can't take."""
    return one_after_another(filled(field, text), sent(form))


def one_after_another(*acts: Act) -> Act:
    def act(page: Page) -> None:
        for each in acts:
            each(page)

    return act


def held(address: str) -> Act:
    """Let requests to these addresses wait for ever, and nothing be pushed meanwhile."""

    def act(page: Page) -> None:
        page.route(address, lambda route: None)
        page.route_web_socket("**", lambda socket: None)

    return act


def failing(address: str, status: int = 500) -> Act:
    """Let requests to these addresses fail."""

    def fail(route: Route) -> None:
        route.fulfill(status=status, body="")

    return lambda page: page.route(address, fail)


def offline(page: Page) -> None:
    """Lose the connection, as in a tunnel."""
    page.context.set_offline(True)


def without_cookies(page: Page) -> None:
    """Forget what the platform gave the browser, as one that takes no cookies."""
    page.context.clear_cookies()
