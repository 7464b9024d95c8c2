// The console's socket: comes back with growing, jittered pauses, and ends with a reason. And the
// words for it.
(() => {
  "use strict";
  const FIRST_PAUSE_MS = 500;
  const LONGEST_PAUSE_MS = 15000;
  const ENDED = {
    4401: "You are logged out. Log in again to go on.",
    4403: "Your role doesn't allow this any more.",
    4404: "This instance is gone, or you can no longer see it.",
    4408: "Closed, because nothing was entered for a while. Reload the page to go on.",
    4429: "Too many consoles are open. Close one and reload this page.",
  };

  // Away with the network, whatever the socket believes. An end stays one.
  window.redisgate.consoleState = (place, signal) => {
    const root = document.documentElement;
    let known = { state: place.dataset.state, text: place.textContent };
    const draw = () => {
      const isAway = root.dataset.connection && known.state !== "ended";
      const { state, text } = isAway ? { state: "closed", text: "No connection" } : known;
      place.dataset.state = state;
      if (place.textContent !== text) place.textContent = text; // said at each change
    };
    const observer = new MutationObserver(draw);
    observer.observe(root, { attributeFilter: ["data-connection"] });
    signal.addEventListener("abort", () => observer.disconnect());
    return (state, text) => {
      known = { state, text };
      draw();
    };
  };

  window.redisgate.consoleLink = (path, { said, state, signal }) => {
    const address = `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}${path}`;
    let socket = null;
    let pause = FIRST_PAUSE_MS;

    const connect = () => {
      if (signal.aborted) return;
      state("connecting", "Connecting…");
      socket = new WebSocket(address);
      socket.addEventListener("message", (event) => {
        pause = FIRST_PAUSE_MS;
        said(JSON.parse(event.data));
      });
      socket.addEventListener("close", ({ code }) => {
        if (signal.aborted) return;
        if (code in ENDED) {
          state("ended", ENDED[code]);
          if (code === 4401) {
            document.addEventListener("session-renewed", connect, { signal, once: true });
            window.redisgate.sessionClosed();
          }
          return;
        }
        state("closed", "Not connected. Trying again…");
        setTimeout(connect, pause * (0.5 + Math.random()));
        pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
      });
    };
    connect();
    signal.addEventListener("abort", () => socket.close());

    return (message) => {
      if (socket.readyState !== WebSocket.OPEN) return false;
      socket.send(JSON.stringify(message));
      return true;
    };
  };
})();
