// Draws the description of the API with Swagger UI or Redoc, whichever the page has.
document.addEventListener("DOMContentLoaded", () => {
  const swagger = document.getElementById("swagger");
  const redoc = document.getElementById("redoc");
  if (swagger) drawSwagger(swagger);
  if (redoc) window.Redoc.init(redoc.dataset.schema, { hideDownloadButton: true, nativeScrollbars: true }, redoc);
});

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
