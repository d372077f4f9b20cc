"""The gallery without a window: cards, shelves, search, and pictures computed in the background."""

from __future__ import annotations

import logging
from pathlib import Path

import numpy as np
import pytest

from odeplayground.jobs import CancelToken
from odeplayground.session import editor, edits, thumbnails
from odeplayground.session.gallery import ALL, GALLERY, MINE, Gallery, GalleryCard, found
from odeplayground.session.templates import FIRST_TEMPLATE, TEMPLATES, template
from odeplayground.spec import Experiment
from odeplayground.storage import presets, project
from tests.unit.session.manual import ManualRunner


def gallery(*recent: str) -> tuple[Gallery, ManualRunner]:
    runner = ManualRunner()
    return Gallery(runner, lambda: recent), runner


def pump(made: Gallery, runner: ManualRunner) -> None:
    for message in runner.drain():
        made.handle(message.body)


def by_key(cards: tuple[GalleryCard, ...], *keys: str) -> list[GalleryCard]:
    return [next(card for card in cards if card.key == key) for key in keys]


def own(text: str) -> Experiment:
    system = editor.read(text).system
    assert system is not None
    return edits.default_experiment(system, text, "Mine")


# Cards and shelves


def test_every_preset_and_every_recent_file_has_a_card() -> None:
    made, _ = gallery("/shelf/plans/leaky.odep")
    cards = made.cards()
    assert [card.key for card in cards[:-1]] == presets.presets()
    assert all(card.title and card.summary and card.story and card.source and card.tags for card in cards[:-1])
    assert (cards[-1].title, cards[-1].summary, cards[-1].path) == ("leaky", "plans", Path("/shelf/plans/leaky.odep"))


def test_shelves_count_what_stands_on_them() -> None:
    made, _ = gallery("/a.odep", "/b.odep")
    cards = made.cards()
    for shelf in made.categories():
        assert shelf.count == len(found(cards, shelf.name, "")) > 0
    assert made.categories()[0].name == ALL
    assert made.categories()[-1].name == MINE


def test_every_preset_is_found_by_its_title() -> None:
    cards = gallery()[0].cards()
    for card in cards:
        assert found(cards, ALL, card.title)[0].title == card.title


def test_a_search_looks_everywhere_and_puts_titles_first() -> None:
    cards = gallery()[0].cards()
    assert found(cards, "Chaos", "STROGATZ pendul")[0].key == "pendulum"
    hits = [card.key for card in found(cards, ALL, "pendulum")]
    in_title = ["pendulum" in card.title.lower() for card in found(cards, ALL, "pendulum")]
    assert in_title == sorted(in_title, reverse=True)
    assert hits[0] == "pendulum"
    assert found(cards, ALL, "no such thing anywhere") == ()


# Pictures


def test_pictures_come_one_after_the_other_in_the_order_that_was_wanted() -> None:
    made, runner = gallery()
    told: list[str] = []
    made.pictured.connect(told.append)
    made.want(by_key(made.cards(), "cooling", "van-der-pol"))
    runner.advance(GALLERY)
    pump(made, runner)
    assert told == ["cooling"]
    assert made.picture("van-der-pol") is None
    runner.finish(GALLERY)
    pump(made, runner)
    assert told == ["cooling", "van-der-pol"]


def test_what_is_there_is_not_computed_again() -> None:
    made, runner = gallery()
    cards = by_key(made.cards(), "cooling")
    made.want(cards)
    runner.finish(GALLERY)
    pump(made, runner)
    made.want(cards)
    assert runner.submitted == [GALLERY]


def test_a_later_wish_comes_before_an_earlier_one() -> None:
    made, runner = gallery()
    cards = made.cards()
    made.want(by_key(cards, "cooling", "lorenz"))
    made.want(by_key(cards, "van-der-pol", "cooling", "lorenz"))
    runner.advance(GALLERY)
    pump(made, runner)
    assert made.picture("cooling") is None
    assert made.picture("van-der-pol") is not None


def test_at_rest_nothing_is_computed_and_pictures_of_files_are_forgotten(tmp_path: Path) -> None:
    path = tmp_path / "mine.odep"
    project.save(own("x' = -x\nx(0) = 1"), path)
    made, runner = gallery(str(path))
    made.want(by_key(made.cards(), str(path), "cooling", "lorenz"))
    runner.advance(GALLERY)
    runner.advance(GALLERY)
    pump(made, runner)
    assert made.picture(str(path)).lines
    made.rest()
    assert GALLERY not in runner.tasks
    assert made.picture(str(path)) is None
    assert made.picture("cooling") is not None


def test_a_file_that_is_gone_says_so_and_the_others_appear(tmp_path: Path) -> None:
    gone = str(tmp_path / "gone.odep")
    made, runner = gallery(gone)
    made.want(by_key(made.cards(), gone, "cooling"))
    runner.finish(GALLERY)
    pump(made, runner)
    assert "gone.odep" in made.picture(gone).failure
    assert made.picture("cooling").lines


def test_a_fault_of_ours_is_logged_and_the_others_appear(monkeypatch, caplog) -> None:
    honest = thumbnails.draw

    def broken(key: str, *rest: object) -> thumbnails.Thumbnail:
        if key == "cooling":
            raise RuntimeError("boom")
        return honest(key, *rest)

    monkeypatch.setattr(thumbnails, "draw", broken)
    made, runner = gallery()
    made.want(by_key(made.cards(), "cooling", "lotka-volterra"))
    with caplog.at_level(logging.ERROR):
        runner.finish(GALLERY)
    pump(made, runner)
    assert made.picture("cooling").failure
    assert "Newton" in caplog.text
    assert made.picture("lotka-volterra").lines


# Thumbnails


def inside(points: np.ndarray) -> np.ndarray:
    return np.all((points >= 0) & (points <= 1), axis=1)


@pytest.mark.parametrize("name", presets.presets())
def test_every_preset_has_a_picture_with_something_in_it(name: str) -> None:
    preset = next(card for card in presets.cards() if card.name == name)
    experiment = presets.load(name).experiment
    made = thumbnails.draw(name, experiment, preset.picture, CancelToken())
    assert not made.failure
    chosen = [line for line in made.lines if line.selected or line.state is not None]
    assert chosen
    for line in made.lines:
        assert np.isfinite(line.points).all()
        assert line.points.shape[1] == 2
    shown = np.concatenate([line.points[inside(line.points)] for line in chosen])
    assert len(shown) > 40
    assert np.ptp(shown, axis=0).max() > 0.25, "the chosen curve is large enough to be seen"
    shares = [inside(line.points).mean() for line in chosen]
    assert max(shares) > 0.75, "the chosen curve lies in the window"


def test_a_portrait_shows_where_the_curve_is() -> None:
    experiment = own("x' = 1\ny' = 0.5\nx(0) = -0.5\ny(0) = -0.5\nt in [0, 1]")
    line = thumbnails.portrait("", experiment, CancelToken()).lines[-1]
    low, high = experiment.view.x_range
    assert line.selected
    assert line.points[0] == pytest.approx(((-0.5 - low) / (high - low), (-0.5 - low) / (high - low)))
    assert line.points[-1] == pytest.approx(((0.5 - low) / (high - low), -low / (high - low)))


def test_a_series_has_every_state_and_fills_the_frame() -> None:
    experiment = own("x' = y\ny' = -x\nx(0) = 1\ny(0) = 0\nt in [0, 7]")
    lines = thumbnails.series("", experiment, CancelToken()).lines
    assert [line.state for line in lines] == [1, 0]
    for line in lines:
        assert (line.points[0, 0], line.points[-1, 0]) == (0, 1)
        assert inside(line.points).all()
        assert np.ptp(line.points[:, 1]) > 0.8


def test_a_constant_has_a_series_too() -> None:
    (line,) = thumbnails.series("", own("x' = 0\nx(0) = 3\nt in [0, 1]"), CancelToken()).lines
    assert line.points[:, 1] == pytest.approx(0.5)


def test_one_state_shows_the_levels_at_which_it_rests() -> None:
    experiment = own("x' = x*(1 - x)\nx(0) = 0.1\nt in [0, 10]")
    levels = [line for line in thumbnails.portrait("", experiment, CancelToken()).lines if line.level]
    low, high = experiment.view.y_range
    assert sorted(line.points[0, 1] * (high - low) + low for line in levels) == pytest.approx([0, 1], abs=1e-6)


def test_thinned_curves_stay_where_they_were() -> None:
    angle = np.linspace(0, 2 * np.pi, 5000)
    circle = 0.5 + 0.4 * np.column_stack((np.cos(angle), np.sin(angle)))
    thin = thumbnails._thinned(circle)
    assert len(thin) < 600
    assert thin[[0, -1]] == pytest.approx(circle[[0, -1]])
    middles = (thin[1:] + thin[:-1]) / 2
    assert np.hypot(*(middles - 0.5).T) == pytest.approx(0.4, abs=1e-3)


# Templates


@pytest.mark.parametrize("key", [each.key for each in TEMPLATES])
def test_every_template_is_a_system_without_problems(key: str) -> None:
    text = template(key).text
    result = editor.read(text)
    assert result.problems == ()
    assert result.system is not None
    for parameter in result.system.constants:
        assert parameter.low <= parameter.value <= parameter.high


def test_blank_templates_have_as_many_states_as_they_say() -> None:
    assert [len(editor.read(each.text).system.states) for each in TEMPLATES[:3]] == [1, 2, 3]
    assert template(FIRST_TEMPLATE) in TEMPLATES
    assert len({each.key for each in TEMPLATES}) == len(TEMPLATES)
