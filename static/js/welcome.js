// The guided page: both first commands are sent from the browser, as any program would send them.
(() => {
  "use strict";
  const COMMANDS = [["SET", "hello", "world"], ["GET", "hello"]];

  const send = async (url, key, command) => {
    const began = performance.now();
    const response = await fetch(url, {
      method: "POST",
      headers: { Authorization: `Bearer ${key}`, "Content-Type": "application/json" },
      body: JSON.stringify(command),
    });
    const answer = await response.json();
    return { answer: answer.error ?? JSON.stringify(answer.result), ms: performance.now() - began };
  };

  const run = async (button) => {
    const log = document.getElementById("try-log");
    const lines = log.querySelector("code");
    const key = document.getElementById(button.dataset.tryKey).value;
    lines.textContent = "";
    log.hidden = false;
    for (const command of COMMANDS) {
      lines.textContent += `> ${command.join(" ")}\n`;
      const { answer, ms } = await send(button.dataset.try, key, command);
      lines.textContent += `${answer}   (${ms.toFixed(0)} ms)\n`;
    }
  };

  // On a phone the good news would come below the fold.
  window.redisgate.onPage("#welcome-waiting", (card, signal) => {
    let wasDone = card.classList.contains("is-done");
    const look = () => {
      const done = document.querySelector("#welcome-waiting.is-done");
      if (done && !wasDone) done.scrollIntoView({ block: "nearest", behavior: "smooth" });
      wasDone = Boolean(done);
    };
    document.addEventListener("htmx:wsAfterMessage", look, { signal });
  });

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-try]");
    if (!button) return;
    window.redisgate.setBusy(button, true);
    try {
      await run(button);
    } catch {
      window.redisgate.toast({ level: "error", message: "No answer came. Try again in a moment.", isUnanswered: true });
    } finally {
      window.redisgate.setBusy(button, false);
    }
  });
})();
