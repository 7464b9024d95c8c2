// Passkeys: a form with data-passkey is answered by the browser's own dialog before it is sent.
// "create" and "get" find their options in the page; "log-in" asks for them, knowing nobody yet.
(() => {
  "use strict";

  const { webauthnJSON } = window;

  // Why passkeys can't work at this address or in this browser, or null.
  const hindrance = () => {
    const { hostname, port, protocol } = location;
    const isNumber = /^[\d.]+$/.test(hostname) || hostname.includes(":");
    if (/^127\.|^\[::1\]$/.test(hostname)) {
      return `Browsers tie passkeys to a name, and this address is a number. Open ${protocol}//localhost${port && `:${port}`} instead, and log in there.`;
    }
    if (!window.isSecureContext) {
      return "Passkeys need an address with https. Ask your operator for it; until then use an authenticator app.";
    }
    if (isNumber) return "Browsers tie passkeys to a name, and this address is a number. Open the platform by its name.";
    return webauthnJSON.supported() ? null : "This browser knows no passkeys. Use another one, or an authenticator app.";
  };

  const words = (error) => {
    if (error.name === "NotAllowedError") return "Nothing was confirmed: it was cancelled, took too long, or no passkey fits. Try again.";
    if (error.name === "InvalidStateError") return "This device holds a passkey of this account already.";
    return `The browser refused: ${error.message}`;
  };

  const pageOptions = () => JSON.parse(document.getElementById("passkey-options").textContent);

  const loginOptions = async (form) => {
    const response = await fetch(form.action, { headers: { Accept: "application/json" } });
    if (!response.ok) throw new Error(response.status === 429 ? "too many attempts, wait a minute" : "the server gave no answer");
    return response.json();
  };

  const ceremonies = {
    create: async (form) => {
      const { creation_options: options } = pageOptions();
      const selection = options.publicKey.authenticatorSelection;
      const isAlone = form.elements.passwordless.checked;
      selection.residentKey = isAlone ? "required" : "discouraged";
      selection.requireResidentKey = isAlone;
      if (isAlone) selection.userVerification = "required";
      return webauthnJSON.create(options);
    },
    get: async () => webauthnJSON.get(pageOptions().request_options),
    "log-in": async (form) => webauthnJSON.get((await loginOptions(form)).request_options),
  };

  const say = (form, text) => {
    const box = form.querySelector("[data-passkey-words]");
    box.hidden = !text;
    box.querySelector(".rg-alert-text").textContent = text ?? "";
  };

  const ask = async (form) => {
    const button = form.querySelector('[type="submit"]');
    say(form, "");
    const why = hindrance();
    if (why) return say(form, why);
    button.disabled = true;
    try {
      const credential = await ceremonies[form.dataset.passkey](form);
      form.elements.credential.value = JSON.stringify(credential);
      form.submit();
    } catch (error) {
      say(form, words(error));
      button.disabled = false;
    }
  };

  window.redisgate.onPage("form[data-passkey]", (form) => {
    // Whoever came to add one is told before they fill anything in.
    if (form.dataset.passkey === "create") say(form, hindrance());
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      ask(form);
    });
  });
})();
