// What a console shows: what was entered, replies with their time and a copy button, and long
// ones folded. Text stays text: nothing that a server answers becomes markup.
(() => {
  "use strict";
  const FOLD_LINES = 100;
  const MORE_LINES = 1000;
  const BLOCKS = 500;
  const VIEW_LINES = 2000;

  const element = (name, css, text = "") => {
    const made = document.createElement(name);
    made.className = css;
    made.textContent = text;
    return made;
  };

  // Only what isn't in quotes can be a word of redis-cli's own.
  const KINDS = [
    [/^[\s\d)#~=>]*\(error\)/, "is-error"],
    [/^[\s\d)#~]*\((nil|empty [a-z]+)\)$/, "is-quiet"],
  ];
  const kindOf = (line) => KINDS.find(([pattern]) => pattern.test(line))?.[1] ?? "";

  const addLines = (pre, lines) => {
    const part = document.createDocumentFragment();
    for (const line of lines) part.append(element("span", kindOf(line), `${line}\n`));
    pre.append(part);
  };

  const foldButtons = (pre, lines) => {
    let shown = FOLD_LINES;
    const bar = element("div", "rg-console-more");
    const more = element("button", "btn btn-small");
    const all = element("button", "btn btn-small btn-quiet", "Show all");
    more.type = all.type = "button";
    const show = (count) => {
      addLines(pre, lines.slice(shown, shown + count));
      shown += count;
      name();
    };
    const name = () => {
      const left = lines.length - shown;
      more.textContent = `Show ${Math.min(left, MORE_LINES).toLocaleString("en")} more of ${left.toLocaleString("en")} lines`;
      if (left <= 0) bar.remove();
    };
    more.addEventListener("click", () => show(MORE_LINES));
    all.addEventListener("click", () => show(lines.length));
    name();
    bar.append(more, all);
    return bar;
  };

  const copyButton = (text) => {
    const button = document.getElementById("console-copy").content.firstElementChild.cloneNode(true);
    button.dataset.copy = text;
    return button;
  };

  // Shown again without being read out.
  const showAgain = (log, blocks) => {
    log.ariaLive = "off";
    log.replaceChildren(...blocks, element("p", "rg-console-note rg-console-earlier", "↑ Earlier in this tab"));
    setTimeout(() => log.removeAttribute("aria-live"));
  };

  window.redisgate.consoleScreen = (log, instance) => {
    const { consoleKept, isSecretLine } = window.redisgate;
    const earlier = consoleKept.take(instance);
    if (earlier.length) showAgain(log, earlier);
    const empty = log.querySelector(".rg-console-empty");
    let follows = true;
    let isSecret = false; // what was entered last, and so its reply
    let holdsSecret = false; // the transaction that was begun
    log.addEventListener("scroll", () => {
      follows = log.scrollHeight - log.scrollTop - log.clientHeight < 40;
    });

    // A question or a list takes room away from what is shown.
    new ResizeObserver(() => {
      if (follows) log.scrollTop = log.scrollHeight;
    }).observe(log);

    // The replies to what a transaction has queued come with its end.
    const enterSecrecy = (line) => {
      isSecret = isSecretLine(line) || (holdsSecret && /^\s*["']?exec\b/i.test(line));
      if (/^\s*["']?(exec|discard)\b/i.test(line)) holdsSecret = false;
    };

    const add = (...parts) => {
      empty?.remove();
      for (const part of parts) part.toggleAttribute("data-secret", isSecret);
      log.append(...parts);
      while (log.childElementCount > BLOCKS) log.firstElementChild.remove();
      if (follows) log.scrollTop = log.scrollHeight;
    };

    const reply = ({ text, ms, rest }) => {
      holdsSecret ||= isSecret && text === "QUEUED";
      const block = element("div", "rg-console-block");
      const pre = element("pre", "rg-console-reply");
      const lines = text.split(/\r?\n/);
      addLines(pre, lines.slice(0, FOLD_LINES));
      const foot = element("div", "rg-console-foot");
      if (ms !== null && ms !== undefined) {
        const time = element("span", "rg-console-time", `${ms} ms`);
        time.ariaHidden = "true";
        foot.append(time);
      }
      foot.append(copyButton(text));
      block.append(foot, pre);
      if (lines.length > FOLD_LINES) block.append(foldButtons(pre, lines));
      if (rest) block.append(element("p", "rg-console-note", rest));
      add(block);
    };

    let view = null;
    const lines = ({ texts, left_out }) => {
      if (!view) {
        view = element("pre", "rg-console-reply");
        add(element("p", "rg-console-note", "Reading messages… Press Stop or Ctrl+C to end."), view);
      }
      addLines(view, texts.flatMap((text) => text.split("\n")));
      if (left_out) view.append(element("span", "is-quiet", `… ${left_out.toLocaleString("en")} left out: they come too fast\n`));
      while (view.childElementCount > VIEW_LINES) view.firstElementChild.remove();
      if (follows) log.scrollTop = log.scrollHeight;
    };

    return {
      entered(prompt, line) {
        follows = true;
        enterSecrecy(line);
        const shown = element("div", "rg-console-entered");
        shown.append(element("span", "rg-console-prompt", prompt), ` ${line}`);
        add(shown);
      },
      reply,
      lines,
      note(text) {
        view = null;
        if (text) add(element("p", "rg-console-note", text));
      },
      // For whoever comes back while this document is there.
      leave() {
        log.querySelectorAll(".rg-console-empty, .rg-console-earlier").forEach((each) => each.remove());
        consoleKept.keep(instance, [...log.children]);
      },
      clear() {
        view = null;
        log.replaceChildren();
      },
    };
  };
})();
