"""Finding out whether a window can open."""

from __future__ import annotations

import sys

import pytest

from odeplayground.cli import display, libraries

linux_only = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux can be without a display")


@linux_only
def test_no_display_is_told_without_starting_qt() -> None:
    answer = display.Probe({}).answer()

    assert not answer.usable
    assert answer.reason.startswith("There is no display here (neither DISPLAY nor WAYLAND_DISPLAY is set)")


@pytest.mark.parametrize("system", ["darwin", "win32"])
def test_other_systems_are_not_asked_for_a_display(system: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", system)

    assert display.no_display({}) == ""
    assert display.needed_libraries({"DISPLAY": ":0"}) == {}


@pytest.mark.parametrize("name", ["DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"])
def test_a_display_or_a_chosen_platform_is_worth_a_try(name: str) -> None:
    assert display.no_display({name: "x"}) == ""


def test_the_offscreen_platform_starts(environment: dict[str, str]) -> None:
    answer = display.Probe(environment | {"QT_QPA_PLATFORM": "offscreen"}).answer()

    assert (answer.usable, answer.platform) == (True, "offscreen")


@linux_only
def test_a_display_that_is_not_there_is_told(environment: dict[str, str]) -> None:
    answer = display.Probe(environment | {"DISPLAY": ":987"}).answer()

    assert not answer.usable
    assert answer.reason.endswith(".") or "apt-get install" in answer.reason


@linux_only
def test_a_library_that_does_not_load_is_named_with_its_package(
    environment: dict[str, str], without_qt: dict[str, str]
) -> None:
    answer = display.Probe(environment | without_qt | {"DISPLAY": ":987"}).answer()

    assert answer.packages[0] == "libegl1"
    assert "apt-get install libegl1" in answer.reason


def test_packages_of_libraries_that_do_not_load() -> None:
    wanted = {"libc.so.6": "libc6", "libdoes-not-exist.so.9": "libdoes-not-exist9"}
    found = libraries.missing_packages(wanted)

    assert found[-1] == "libdoes-not-exist9"
    assert libraries.install_hint(found).endswith("libdoes-not-exist9")


def test_the_libraries_follow_the_display() -> None:
    with_x = set(display.needed_libraries({"DISPLAY": ":0"}))
    with_wayland = set(display.needed_libraries({"WAYLAND_DISPLAY": "wayland-0"}))

    if sys.platform.startswith("linux"):
        assert "libxcb-cursor.so.0" in with_x - with_wayland
        assert "libwayland-client.so.0" in with_wayland - with_x
        assert set(display.needed_libraries({"QT_QPA_PLATFORM": "offscreen"})) == with_x & with_wayland
