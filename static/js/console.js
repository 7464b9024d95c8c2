// The console: keys, the list of completions, pasted lines, and what goes to the server.
(() => {
  "use strict";
  const PASTED_LINES = 1000;
  const SHOW_STOP_MS = 400;
  const BUSY = "A command is still running: press Ctrl+C first.";
  const SCOPES = { read: "Read only", write: "Read and write", admin: "Admin" };

  const start = (root, signal) => {
    const { consoleHistory, consoleManual: manual, consoleScreen, consoleQuestion, consoleLink, consoleState, consoleList } = window.redisgate;
    const one = (selector) => root.querySelector(selector);
    const form = one(".rg-console-entry");
    const input = one(".rg-console-input");
    const hint = one(".rg-console-hint");
    const showState = consoleState(one(".rg-console-state"), signal);
    const scope = one(".rg-console-scope");
    const stop = one("[data-stop]");
    const screen = consoleScreen(one(".rg-console-log"), root.dataset.instance);
    const history = consoleHistory(root.dataset.instance);
    const usualHint = hint.textContent;
    let prompt = one(".rg-console-entry .rg-console-prompt").textContent;
    let waiting = false; // for the answer to what was entered last
    let queue = [];
    let searching = false;
    let stopTimer = 0;

    const setWaiting = (now) => {
      waiting = now;
      clearTimeout(stopTimer);
      if (now) stopTimer = setTimeout(() => { stop.hidden = false; }, SHOW_STOP_MS);
      else stop.hidden = true;
      if (!now && hint.textContent === BUSY) showHint();
      root.classList.toggle("is-waiting", now);
    };

    const dropQueue = (why) => {
      if (queue.length) screen.note(`${queue.length} pasted ${queue.length === 1 ? "line was" : "lines were"} not run${why}.`);
      queue = [];
    };

    const next = () => {
      if (waiting || !queue.length) return;
      enter(queue.shift());
    };

    // Words that are the console's own; the server never sees them.
    const clientWords = {
      CLEAR: () => screen.clear(),
      HELP: (line) => screen.reply({ text: manual.help(line.trim().replace(/^help\s*/i, "")), ms: null }),
      EXIT: () => window.redisgate.visit("../"),
    };
    clientWords.QUIT = clientWords.EXIT;
    clientWords["?"] = clientWords.HELP;

    const enter = (line) => {
      screen.entered(prompt, line);
      history.add(line);
      const own = clientWords[line.trim().split(/\s+/)[0].toUpperCase()];
      if (own) {
        own(line);
        next();
      } else if (!line.trim()) {
        next();
      } else if (send({ do: "enter", line })) {
        setWaiting(true);
      } else {
        const { dataset, textContent } = one(".rg-console-state");
        const why = dataset.state === "ended" ? textContent : "Not connected. Wait a moment and try again.";
        screen.reply({ text: `(error) ${why}`, ms: null });
        dropQueue("");
      }
    };

    const question = consoleQuestion(one(".rg-console-question"), {
      answered(token, typed) {
        if (send({ do: "confirm", token, typed })) setWaiting(true);
        input.focus();
      },
      cancelled() {
        screen.note("Not run.");
        dropQueue("");
        input.focus();
      },
    });

    const said = (message) => {
      if (message.prompt) {
        prompt = message.prompt;
        one(".rg-console-entry .rg-console-prompt").textContent = prompt;
      }
      on[message.type]?.(message);
    };
    const on = {
      ready({ scope: now, scopes, manual: entries }) {
        manual.load(entries);
        setState("open", scopes.length > 1 ? "Connected" : "Connected, read only");
        scope.replaceChildren(...scopes.map((each) => new Option(SCOPES[each], each, each === now, each === now)));
        scope.hidden = scopes.length < 2;
      },
      reply(message) {
        setWaiting(false);
        if (message.text) screen.reply(message);
        if (message.text.startsWith("(error)")) dropQueue(" after the error");
        next();
      },
      ask(message) {
        setWaiting(false);
        question.ask(message);
      },
      lines: (message) => {
        stop.hidden = false;
        screen.lines(message);
      },
      end({ text }) {
        setWaiting(false);
        screen.note(text);
        dropQueue("");
      },
      notice: ({ text }) => screen.note(text),
      away({ text }) {
        setState("closed", "No connection to the server");
        screen.note(text);
      },
      back({ text }) {
        setState("open", "Connected");
        screen.note(text);
      },
    };

    const setState = (state, text) => {
      showState(state, text);
      if (state === "open" || state === "connecting") return;
      if (waiting) screen.note("The connection was lost; whether the last command has run is not known.");
      setWaiting(false);
      question.close();
      dropQueue("");
    };
    const send = consoleLink(root.dataset.console, { said, state: setState, signal });

    // Completion and search share the list.
    const list = consoleList(one(".rg-console-list"), input, (value) => {
      input.value = searching ? value : `${value} `;
      showHint();
    });
    const closeList = () => {
      searching = false;
      list.close();
    };
    const take = () => {
      list.take();
      searching = false;
    };
    const complete = () => {
      const found = manual.completions(input.value);
      list.open(found.map((entry) => ({ value: entry.name, note: entry.summary, allowed: entry.allowed })));
      if (found.length === 1) take();
    };
    const search = () => {
      searching = true;
      list.open(history.matching(input.value).slice(0, 50).map((value) => ({ value, note: "" })));
      hint.textContent = list.isOpen() ? "Type to search, Enter takes the line, Escape leaves." : "Nothing like this was entered before.";
    };
    const showHint = () => {
      hint.textContent = manual.hint(input.value) || usualHint;
    };

    const sayBusy = () => {
      hint.textContent = BUSY;
    };

    const interrupt = () => {
      if (waiting || !stop.hidden) {
        queue = [];
        send({ do: "stop" });
      } else {
        input.value = "";
        closeList();
        showHint();
      }
    };

    const step = (by) => {
      if (list.isOpen()) return list.step(by);
      input.value = history.step(by, input.value);
      showHint();
    };

    const hasSelection = () => input.selectionStart !== input.selectionEnd || String(getSelection()).length > 0;
    const keys = {
      ArrowUp: () => step(-1),
      ArrowDown: () => step(1),
      Tab: () => (list.isOpen() ? take() : complete()),
      Escape: () => {
        closeList();
        showHint();
      },
      "Ctrl+r": search,
      "Ctrl+l": () => screen.clear(),
      "Ctrl+c": interrupt,
    };
    input.addEventListener("keydown", (event) => {
      const name = event.ctrlKey && !event.altKey && !event.metaKey ? `Ctrl+${event.key.toLowerCase()}` : event.key;
      if (!(name in keys) || event.isComposing) return;
      // Without anything to complete or close, these keys do what they do everywhere.
      if (name === "Tab" && (event.shiftKey || !input.value.trim())) return;
      if (name === "Ctrl+c" && hasSelection()) return;
      event.preventDefault();
      keys[name]();
    });
    input.addEventListener("input", () => {
      if (searching) return search();
      closeList();
      showHint();
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      event.stopImmediatePropagation();
      if (list.isOpen() && searching) return take();
      closeList();
      if (waiting) return sayBusy();
      const line = input.value;
      input.value = "";
      showHint();
      queue = [line];
      next();
    });
    input.addEventListener("paste", (event) => {
      const text = event.clipboardData.getData("text");
      const lines = text.split(/\r?\n/).filter((line) => line.trim());
      if (lines.length < 2) return;
      event.preventDefault();
      if (waiting) return sayBusy();
      if (lines.length > PASTED_LINES) {
        screen.note(`${lines.length.toLocaleString("en")} lines are too many at once: paste ${PASTED_LINES.toLocaleString("en")} at most, or use redis-cli.`);
        return;
      }
      lines[0] = input.value + lines[0];
      input.value = "";
      queue = lines;
      next();
    });

    stop.addEventListener("click", () => {
      interrupt();
      input.focus();
    });
    one("[data-clear]").addEventListener("click", () => {
      screen.clear();
      input.focus();
    });
    scope.addEventListener("change", () => {
      send({ do: "scope", scope: scope.value });
      input.focus();
    });
    root.addEventListener("click", (event) => {
      const example = event.target.closest("[data-example]");
      if (example) {
        input.value = example.dataset.example;
        showHint();
      }
      if (example || (!event.target.closest("button, a, input, select") && !String(getSelection()))) input.focus({ preventScroll: true });
    });
    // Ctrl+C stops also while the focus is on the replies.
    root.addEventListener("keydown", (event) => {
      if (event.target !== input && event.ctrlKey && event.key === "c" && !stop.hidden && !hasSelection()) interrupt();
    });
    signal.addEventListener("abort", () => {
      if (waiting) screen.note("You left before the reply came.");
      screen.leave();
    });
    input.focus({ preventScroll: true });
  };

  window.redisgate.onPage("[data-console]", start);
})();
