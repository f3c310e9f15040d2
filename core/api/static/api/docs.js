// Starts the documentation page. In a file of its own, because the portal allows no inline script.
"use strict";

(function () {
  const place = document.getElementById("docs");
  window.ui = SwaggerUIBundle({
    domNode: place,
    url: place.dataset.schema,
    deepLinking: true,
    displayRequestDuration: true,
    persistAuthorization: false,
    tryItOutEnabled: false,
    filter: true,
    presets: [SwaggerUIBundle.presets.apis],
    layout: "BaseLayout",
    requestInterceptor: function (request) {
      // A signed-in person's session changes nothing without the CSRF token; a client's token needs none.
      if (!request.headers.Authorization && new URL(request.url, location.href).origin === location.origin) {
        request.headers["X-CSRFToken"] = place.dataset.csrf;
      }
      return request;
    },
  });
})();
