"""The main job as a person does it: a real window, a mouse and a keyboard."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.timeout(240)

MENDED = "omega' = -b*omega - c*sin(theta) - 0.1*omega"


def go_to_line_end(hands, app, line: int) -> None:
    """Put the text cursor at the end of a line of the editor."""
    hands.click(*app.ask("editor_line", line))
    hands.key("End")


def test_choose_type_drag_train_save_and_find_everything_back(launch, hands, tmp_path):
    app = launch()
    assert app.ask("document")["name"] == "Damped pendulum"

    # Choose a preset: open the gallery, type its name, Enter.
    hands.click(*app.centre("preset-button"))
    app.until(lambda: app.rect("gallery-search") is not None, "the gallery")
    hands.type("Van der Pol")
    hands.key("Return")
    app.until(lambda: app.ask("document")["states"] == ["x", "y"], "the Van der Pol system")
    hands.click(*app.centre("preset-button"))
    app.until(lambda: app.rect("gallery-search") is not None, "the gallery")
    hands.type("Damped pend")
    hands.key("Return")
    app.until(lambda: app.ask("document")["states"] == ["theta", "omega"], "the pendulum again")

    # Type an equation with an error: it is told, and the last good system stays.
    go_to_line_end(hands, app, 2)
    hands.type(" - 0.1*omgea")
    app.until(lambda: bool(app.ask("problems")), "the error to be told")
    assert "omgea" in app.ask("problems")[0]
    app.until(lambda: app.rect("message-strip") is not None, "the message strip")
    # Mend it by hand.
    for _ in range(3):
        hands.key("BackSpace")
    hands.type("ega")
    app.until(lambda: not app.ask("problems"), "the error to go")
    assert MENDED in app.ask("document")["text"]
    assert app.rect("message-strip") is None

    # Drag a slider: the value follows the mouse and the picture changes while the button is down.
    before = app.pixels("portrait")
    values = app.ask("document")["values"]
    start = tuple(app.ask("slider", "slider-c", values["c"]))
    seen: list[bytes] = []

    def look() -> None:
        app.until(lambda: app.pixels("portrait") != before, "the picture to change during the drag", 5)
        seen.append(app.pixels("portrait"))

    hands.drag(start, tuple(app.ask("slider", "slider-c", 9.0)), look=look)
    assert app.ask("document")["values"]["c"] > values["c"] + 2
    changed = sum(a != b for a, b in zip(before, seen[0], strict=True))
    assert changed > 500

    # Train until the loss has fallen tenfold, stop.
    hands.click(*app.centre("train-button"))
    app.until(lambda: app.ask("training")["status"] == "running", "the training to run", 30)

    def fallen() -> bool:
        losses = app.ask("training")["losses"]
        return len(losses) > 5 and min(losses) < losses[0] / 10

    app.until(fallen, "the loss to fall tenfold", 90)
    if app.ask("training")["status"] == "running":
        hands.click(*app.centre("stop-button"))
    app.until(lambda: app.ask("training")["status"] in ("stopped", "finished"), "the training to stop", 10)
    app.until(lambda: app.ask("document")["has_report"], "the comparison", 60)

    # Save through the keyboard, close, start again with the file: everything is back.
    file = tmp_path / "mine.odep"
    hands.key("ctrl+s")
    app.until(lambda: app.rect("file-dialog") is not None, "the dialog for the name")
    hands.type(str(file))
    hands.key("Return")
    app.until(file.exists, "the file")
    saved = app.ask("document")
    hands.key("ctrl+q")
    assert app.wait_closed() == 0

    again = launch(str(file))
    assert again.ask("document") == saved
    assert min(saved["losses"]) < saved["losses"][0] / 10


def test_a_starting_point_follows_the_mouse_and_a_time_can_be_typed(launch, hands):
    app = launch()
    app.until(lambda: app.ask("drawn"), "the first picture")
    first = app.ask("document")["starts"][0]
    handle = tuple(app.ask("portrait", *first))
    hands.drag(handle, (handle[0] - 80, handle[1] - 60))
    moved = app.ask("document")["starts"][0]
    assert moved[0] < first[0] - 0.3
    assert moved[1] > first[1] + 0.3
    assert len(app.ask("document")["starts"]) >= 1

    hands.key("ctrl+z")
    app.until(lambda: app.ask("document")["starts"][0] == first, "undo to bring the start back in one step")

    hands.click(*app.centre("time-field"), times=3)
    hands.type("5.5")
    hands.key("Return")
    app.until(lambda: app.ask("time") == pytest.approx(5.5), "the time to be 5.5")


def test_closing_the_window_during_training_ends_cleanly(launch, hands):
    app = launch()
    hands.click(*app.centre("train-button"))
    app.until(
        lambda: app.ask("training")["status"] == "running" and len(app.ask("training")["losses"]) > 3, "epochs", 60
    )
    hands.key("ctrl+q")
    assert app.wait_closed() == 0
    assert "Traceback" not in app.errors.read_text()
