"""Every action of the window, declared once: menus, keys, the command palette and the tests read from here."""

from __future__ import annotations

import msgspec


class ActionSpec(msgspec.Struct, frozen=True):
    """One thing a user can do. ``name`` is the method of ``Commands`` that does it."""

    name: str
    menu: str
    text: str
    shortcut: str = ""
    help: str = ""
    checkable: bool = False
    separator: bool = False
    """Whether a line stands above it in the menu."""


MENUS = ("File", "Edit", "View", "System", "Train", "Help")

ACTIONS = (
    ActionSpec("new_system", "File", "New system…", "Ctrl+N", "Begin a system of your own with a template."),
    ActionSpec("choose_system", "File", "Choose a system…", "Ctrl+Shift+O", "Look through all systems in pictures."),
    ActionSpec("open_file", "File", "Open…", "Ctrl+O", "Open a project or a text file with equations."),
    ActionSpec("load_data", "File", "Load data…", "Ctrl+Alt+O", "Measurements from a table (CSV), to learn from them."),
    ActionSpec("new_window", "File", "New window", "Ctrl+Alt+N", "Another window with a document of its own."),
    ActionSpec("reopen_window", "File", "Reopen closed window", "Ctrl+Shift+T", "Bring back the window closed last."),
    ActionSpec("save", "File", "Save", "Ctrl+S", "Save the project.", separator=True),
    ActionSpec("save_as", "File", "Save as…", "Ctrl+Shift+S", "Save the project under another name."),
    ActionSpec(
        "export_picture", "File", "Export…", "Ctrl+E", "A picture, a film or a program, with equations.", separator=True
    ),
    ActionSpec("export_data", "File", "Export data…", "Ctrl+Shift+E", "Trajectories as a table or as arrays."),
    ActionSpec("export_model", "File", "Export the model…", "", "What was learned: weights, a program, a card."),
    ActionSpec("share", "File", "Share as text", "Ctrl+Shift+C", "Copy the system as a text that others can paste."),
    ActionSpec("close_window", "File", "Close window", "Ctrl+W", "Its document is kept.", separator=True),
    ActionSpec("quit", "File", "Quit", "Ctrl+Q", "Close all windows; everything is kept."),
    ActionSpec("undo", "Edit", "Undo", "Ctrl+Z", "Take back the last change."),
    ActionSpec("redo", "Edit", "Redo", "Ctrl+Shift+Z", "Do the change again."),
    ActionSpec(
        "format_equations",
        "Edit",
        "Format equations",
        "Ctrl+Shift+F",
        "Even spaces; the meaning stays.",
        separator=True,
    ),
    ActionSpec("copy_latex", "Edit", "Copy as LaTeX", "", "The equations, typeset, for a paper."),
    ActionSpec(
        "paste_system", "Edit", "Paste system", "Ctrl+Shift+V", "Open the equations or the shared text that was copied."
    ),
    ActionSpec("keep_values", "Edit", "Keep the values", "Ctrl+Shift+K", "Keep the sliders' values as a set."),
    ActionSpec("next_values", "Edit", "Next set of values", "Ctrl+T", "Go to the next set of values that was kept."),
    ActionSpec("reset_parameters", "Edit", "Reset parameters", "Ctrl+0", "All sliders to the model's own values."),
    ActionSpec(
        "show_preferences", "Edit", "Preferences…", "Ctrl+,", "Look, colours, size of text and more.", separator=True
    ),
    ActionSpec("show_true", "View", "True field", "Ctrl+1", "Show the system as typed."),
    ActionSpec("show_learned", "View", "Learned field", "Ctrl+2", "Show the trained network."),
    ActionSpec("show_both", "View", "Both fields", "Ctrl+3", "Show the learned field over the true one."),
    ActionSpec("show_error", "View", "Error map", "Ctrl+4", "Show how far the fields are apart."),
    ActionSpec(
        "fit_view", "View", "Fit the trajectories", "Ctrl+F", "Zoom so that every trajectory fits.", separator=True
    ),
    ActionSpec(
        "choose_x_axis", "View", "Horizontal axis…", "", "A state, the time or an expression across the portrait."
    ),
    ActionSpec("choose_y_axis", "View", "Vertical axis…", "", "A state, the time or an expression up the portrait."),
    ActionSpec("show_layers", "View", "Layers…", "Ctrl+Shift+L", "Choose what the portrait shows."),
    ActionSpec("toggle_space", "View", "In space", "Ctrl+Shift+3", "Three axes, to be turned with the mouse."),
    ActionSpec("add_view", "View", "Add a view", "Ctrl+Shift+B", "Other axes or another field beside the portrait."),
    ActionSpec("close_view", "View", "Close the last view", "", "The one that was added last."),
    ActionSpec(
        "toggle_diagram", "View", "Bifurcation diagram", "Ctrl+B", "What happens over a parameter, beside the portrait."
    ),
    ActionSpec("toggle_training_panel", "View", "Training panel", "Ctrl+L", "Open or fold the training panel."),
    ActionSpec("toggle_theme", "View", "Dark or light", "Ctrl+D", "Change between the dark and the light look."),
    ActionSpec("focus_portrait", "View", "Only the portrait", "F11", "Hide all panels around it, or bring them back."),
    ActionSpec("reset_layout", "View", "Reset layout", "", "Put every panel back in its place."),
    ActionSpec("play_pause", "System", "Play or pause", "Ctrl+Space", "Let the time run or hold it."),
    ActionSpec("to_start", "System", "Back to the start", "Ctrl+Home", "Set the time to the beginning."),
    ActionSpec("to_end", "System", "To the end", "Ctrl+End", "Set the time to the end of the span."),
    ActionSpec("step_back", "System", "One frame back", "Alt+Left", "A sixtieth of a second of the playback."),
    ActionSpec("step_forward", "System", "One frame on", "Alt+Right", "A sixtieth of a second of the playback."),
    ActionSpec(
        "previous_sample", "System", "Point before", "Alt+Shift+Left", "To the computed point before this moment."
    ),
    ActionSpec("next_sample", "System", "Point after", "Alt+Shift+Right", "To the computed point after this moment."),
    ActionSpec(
        "go_on",
        "System",
        "Go on for as long again",
        "Ctrl+Alt+End",
        "Double the time span and play on.",
        separator=True,
    ),
    ActionSpec(
        "start_from_last", "System", "Start from the last state", "Ctrl+Alt+Home", "The end becomes the new start."
    ),
    ActionSpec(
        "to_steady_state",
        "System",
        "To steady state",
        "Ctrl+Alt+S",
        "Follow the trajectory until it settles at an equilibrium or a cycle, and say when and where.",
    ),
    ActionSpec("go_to_time", "System", "Go to a time", "Ctrl+G", "Type a time, for example 5.5."),
    ActionSpec("add_bundle", "System", "Add a bundle of starting points", "", "All over the picture, evenly."),
    ActionSpec("add_start", "System", "Add a starting point", "Ctrl+Shift+N", "In the picture, where there is room."),
    ActionSpec("train", "Train", "Train", "Ctrl+R", "Sample data and train a network on it."),
    ActionSpec("pause_training", "Train", "Pause or resume", "Ctrl+P", "Hold the training after this epoch."),
    ActionSpec("step_training", "Train", "One epoch", "Ctrl+.", "Train one epoch while paused."),
    ActionSpec("back_to_best", "Train", "Back to best", "", "Go on from the best weights so far."),
    ActionSpec("stop_training", "Train", "Stop", "Ctrl+Shift+R", "Stop and keep the best weights."),
    ActionSpec(
        "open_learned",
        "Train",
        "Open the learned system",
        "Ctrl+Alt+L",
        "What was learned as a system of its own, in another window.",
        separator=True,
    ),
    ActionSpec("show_help", "Help", "Help pages", "F1", "Short pages with pictures, beside the portrait."),
    ActionSpec("start_tour", "Help", "Tour", "", "Six steps with a spotlight; each waits until you have done it."),
    ActionSpec("show_hint", "Help", "First steps", "", "Show the three first steps again."),
    ActionSpec("show_keys", "Help", "Keyboard", "?", "Every key, and what the mouse does."),
    ActionSpec("find_command", "Help", "Search everything", "Ctrl+K", "Commands, systems, help; or a value: b = 0.3."),
    ActionSpec("about", "Help", "About ODE Playground", "", "Version and licence.", separator=True),
)
