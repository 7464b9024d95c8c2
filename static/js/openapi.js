// Draws the description of the API with Swagger UI or Redoc, whichever the page has.
const DARK = {
  colors: {
    primary: { main: "#8ab4f8" },
    text: { primary: "#e4e6e6", secondary: "#b7bcbf" },
    border: { dark: "#3a4048", light: "#2a2f36" },
    gray: { 50: "#22272d", 100: "#2a2f36" },
    http: { get: "#3f9b5f", post: "#4a84c4", put: "#8a6fc0", patch: "#b07c2e", delete: "#c25450" },
  },
  sidebar: { backgroundColor: "#171a1f", textColor: "#d5d8da" },
  rightPanel: { backgroundColor: "#14171b" },
  schema: { nestedBackground: "#1f242a", linesColor: "#5b6570", typeNameColor: "#b7bcbf", typeTitleColor: "#b7bcbf" },
  codeBlock: { backgroundColor: "#0e1013" },
  typography: { code: { color: "#ff9e80", backgroundColor: "#262b32" } },
};

// Redoc's credit wants a picture from somebody else's server, which our policy refuses anyway.
const isOurs = (url) => new URL(url, location.href).origin === location.origin;
Object.defineProperty(HTMLImageElement.prototype, "src", {
  get() { return this.getAttribute("src") ?? ""; },
  set(url) { this.setAttribute("src", url); },
});
HTMLImageElement.prototype.setAttribute = function setAttribute(name, value) {
  if (name !== "src" || isOurs(value)) Element.prototype.setAttribute.call(this, name, value);
};

document.addEventListener("DOMContentLoaded", () => {
  const swagger = document.getElementById("swagger");
  const redoc = document.getElementById("redoc");
  if (swagger) drawSwagger(swagger);
  if (redoc) {
    drawRedoc(redoc);
    new MutationObserver(() => drawRedoc(redoc)).observe(document.documentElement, { attributeFilter: ["data-bs-theme"] });
  }
});

function isDark() {
  return document.documentElement.dataset.bsTheme === "dark";
}

// Redoc takes its colours once, so another theme is another drawing.
function drawRedoc(place) {
  const sheet = document.createElement("div");
  place.replaceChildren(sheet);
  window.Redoc.init(place.dataset.schema, { hideDownloadButton: true, nativeScrollbars: true, theme: isDark() ? DARK : {} }, sheet);
}

function drawSwagger(place) {
  const token = document.querySelector("meta[name=csrf-token]").content;
  window.SwaggerUIBundle({
    url: place.dataset.schema,
    domNode: place,
    deepLinking: true,
    docExpansion: "none",
    filter: true,
    tryItOutEnabled: false,
    requestInterceptor(request) {
      // Requests of a signed-in person carry the session's cookie, and so need this.
      request.headers["X-CSRFToken"] = token;
      return request;
    },
  });
}
