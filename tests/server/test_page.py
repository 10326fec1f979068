"""The page in a real browser: typing finds, a click plays at the moment, a nasty name is only text."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil
import pytest

pytest.importorskip("selenium", reason="selenium is not installed")

from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from app.text import shown
from tests.conftest import wait_until
from tests.server.conftest import NASTY, Served

if TYPE_CHECKING:
    from selenium.webdriver.remote.webdriver import WebDriver

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
browser = next(filter(None, map(shutil.which, BROWSERS)), None)
driver_path = shutil.which("chromedriver")

pytestmark = pytest.mark.skipif(
    browser is None or driver_path is None, reason="there is no chromium with its driver here"
)

SHOTS = os.environ.get("REELFIND_SCREENSHOTS")
"""Folder for pictures of the page, for people to look at."""


@pytest.fixture(autouse=True)
def nothing_left_behind() -> None:
    """A browser starts and ends processes of its own as it likes; `window` sees that all of them end."""


@pytest.fixture(scope="module")
def window(tmp_path_factory: pytest.TempPathFactory) -> "Iterator[WebDriver]":
    """A browser without a window of its own."""
    options = webdriver.ChromeOptions()
    options.binary_location = str(browser)
    folder = tmp_path_factory.mktemp("browser")
    for each in (
        "--headless=new",
        "--no-sandbox",
        "--disable-dev-shm-usage",
        "--disable-background-networking",
        "--no-proxy-server",
        "--autoplay-policy=no-user-gesture-required",
        f"--user-data-dir={folder}",
        "--window-size=1200,900",
    ):
        options.add_argument(each)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    service = webdriver.ChromeService(executable_path=driver_path)
    driver = webdriver.Chrome(options=options, service=service)
    started = psutil.Process(service.process.pid).children(recursive=True)
    try:
        yield driver
    finally:
        driver.quit()
        assert wait_until(lambda: not any(each.is_running() for each in started))


@pytest.fixture
def page(window: "WebDriver", served: Served) -> "WebDriver":
    """The page, for a browser that was let in by a link, once."""
    complaints(window)  # of tests before
    if window.get_cookies():
        window.get(f"{served.url}/")
    else:
        window.get(f"{served.url}/enter?code={served.people.new_link(served.owner)}")
        assert wait_until(lambda: _pressed(window, "form button.primary")), window.page_source
    assert wait_until(lambda: window.current_url == f"{served.url}/")
    assert wait_until(lambda: window.find_elements(By.ID, "query"))  # an address is there before its page
    return window


def _pressed(window: "WebDriver", button: str) -> bool:
    """Press a button where it can be pressed by now: on a busy computer a page is laid out late."""
    found = window.find_elements(By.CSS_SELECTOR, button)
    if not found or not found[0].is_displayed():
        return False
    found[0].click()
    return True


def cards(page: "WebDriver") -> list[Any]:
    return page.find_elements(By.CLASS_NAME, "card")


def search(page: "WebDriver", text: str) -> None:
    field = page.find_element(By.ID, "query")
    field.clear()
    field.send_keys(text)


def close_player(page: "WebDriver") -> None:
    """Go back to what was found: a step back in time that would overtake where the browser is sent next."""
    page.find_element(By.ID, "close").click()
    assert wait_until(lambda: not page.find_element(By.ID, "player").is_displayed())


def said(page: "WebDriver") -> str:
    return str(page.find_element(By.ID, "said").text)


def complaints(page: "WebDriver") -> list[str]:
    """What the browser says of scripts and of what the page may not do."""
    return [each["message"] for each in page.get_log("browser") if each["level"] == "SEVERE"]


def shot(page: "WebDriver", name: str) -> None:
    if SHOTS:
        page.save_screenshot(str(Path(SHOTS) / f"{name}.png"))


def test_typing_finds_and_a_click_plays_at_the_moment(page: "WebDriver") -> None:
    shot(page, "start")
    search(page, "blue")
    assert wait_until(lambda: len(cards(page)) >= 3)
    assert wait_until(
        lambda: page.execute_script(
            "return [...document.images].every((each) => each.complete && each.naturalWidth > 0)"
        )
    )
    shot(page, "results")
    first = page.execute_script("return fetch('/api/v1/search?q=blue&limit=1').then((each) => each.json())")[
        "results"
    ][0]
    assert first["best"] > 1
    cards(page)[0].click()
    where = "const video = document.getElementById('video'); return [video.currentTime, video.readyState]"
    assert wait_until(lambda: page.execute_script(where)[1] >= 2)
    at, _ = page.execute_script(where)
    assert first["best"] - 0.5 <= at <= first["best"] + 5
    assert page.find_element(By.ID, "player-name").text == first["name"]
    shot(page, "player")
    page.find_element(By.ID, "favourite").click()
    pressed = page.find_element(By.ID, "favourite")
    assert wait_until(lambda: pressed.get_attribute("aria-pressed") == "true")
    pressed.click()
    assert wait_until(lambda: pressed.get_attribute("aria-pressed") == "false")
    close_player(page)
    assert complaints(page) == []


def test_a_nasty_name_is_only_text(page: "WebDriver") -> None:
    search(page, "type:mp4")
    names = lambda: [each.text for each in page.find_elements(By.CLASS_NAME, "name")]  # noqa: E731
    assert wait_until(lambda: shown(NASTY) in names())
    place = names().index(shown(NASTY))
    cards(page)[place].click()
    assert wait_until(lambda: page.find_element(By.ID, "player-name").text == shown(NASTY))
    assert page.title != "hit"
    assert not page.find_elements(By.CSS_SELECTOR, "img[src='x']")
    close_player(page)


def test_a_query_that_makes_no_sense_is_explained(page: "WebDriver") -> None:
    search(page, "dog longer:xy")
    assert wait_until(lambda: "longer" in said(page) or "xy" in said(page))


def test_a_searched_page_can_be_opened_again_and_by_keyboard(page: "WebDriver", served: Served) -> None:
    page.get(f"{served.url}/?q=red")
    assert wait_until(lambda: cards(page))
    cards(page)[0].send_keys(Keys.ENTER)
    assert wait_until(lambda: page.find_element(By.ID, "player").is_displayed())
    page.back()
    assert wait_until(lambda: not page.find_element(By.ID, "player").is_displayed())


def test_it_fits_a_phone_in_the_dark(page: "WebDriver", served: Served) -> None:
    page.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": 390, "height": 844, "deviceScaleFactor": 2, "mobile": True},
    )
    dark = {"features": [{"name": "prefers-color-scheme", "value": "dark"}]}
    page.execute_cdp_cmd("Emulation.setEmulatedMedia", dark)
    try:
        page.get(f"{served.url}/?q=type%3Amp4")
        assert wait_until(lambda: cards(page))
        page.execute_script(
            "document.querySelector('.name').textContent = 'a_name_without_any_place_to_break_it'.repeat(3)"
        )
        # A page that is too wide widens what a phone shows of it, `innerWidth`, as well.
        assert page.execute_script("return document.documentElement.scrollWidth") == 390
        ground = page.execute_script("return getComputedStyle(document.documentElement).backgroundColor")
        assert ground == "rgb(25, 24, 23)"
        shot(page, "phone")
        cards(page)[0].click()
        assert wait_until(lambda: page.find_element(By.ID, "player").is_displayed())
        buttons = page.find_elements(By.CSS_SELECTOR, ".actions > *")
        assert max(each.rect["x"] + each.rect["width"] for each in buttons) <= 390
        wait_until(lambda: page.execute_script("return document.getElementById('video').readyState") >= 2)
        shot(page, "phone-player")
    finally:
        page.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
        page.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})


def test_who_is_not_known_is_asked_for_a_token(window: "WebDriver", served: Served) -> None:
    window.delete_all_cookies()
    window.get(f"{served.url}/?q=blue")
    assert wait_until(lambda: window.current_url.endswith("/enter"))
    assert wait_until(lambda: window.find_elements(By.NAME, "token"))
    shot(window, "enter")
    window.find_element(By.NAME, "token").send_keys("wrong", Keys.ENTER)
    assert wait_until(lambda: "another one" in window.execute_script("return document.body.innerText"))
    window.find_element(By.NAME, "token").send_keys(served.anna.token, Keys.ENTER)
    assert wait_until(lambda: window.find_elements(By.ID, "query"))
    assert "videos" in window.find_element(By.ID, "library").text or wait_until(
        lambda: "videos" in window.find_element(By.ID, "library").text
    )
