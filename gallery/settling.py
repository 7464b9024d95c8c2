"""When a page has come to rest: everything is loaded, drawn, and answered."""

from playwright.sync_api import Page

PATIENCE_MILLISECONDS = 90_000
"""Only what fails waits so long."""

# Two frames after the last change, because htmx asks for its first fragments in the one after load.
_RESTS = """async ([waits, patience]) => {
    const until = performance.now() + patience;
    const busy = ".htmx-request, .htmx-swapping, .htmx-settling, .htmx-added";
    const frame = () => new Promise(done => requestAnimationFrame(() => setTimeout(done)));
    const isBusy = () =>
        document.readyState !== "complete" ||
        (waits && document.querySelector(busy)) ||
        (waits && document.documentElement.dataset.live === "connecting");
    do {
        await frame();
        await frame();
        if (performance.now() > until)
            throw new Error("no rest: " + document.querySelector(busy)?.outerHTML.slice(0, 200));
    } while (isBusy());
    await document.fonts.ready;
    for (const each of document.getAnimations())
        if (each.effect.getComputedTiming().endTime !== Infinity) each.finish();
    await frame();
}"""


def settle(page: Page, *, waits: bool = True) -> None:
    """Return once the page rests; without ``waits`` what it asks for may stay unanswered."""
    page.evaluate(_RESTS, [waits, PATIENCE_MILLISECONDS])
