// Starts Swagger UI; in a file of its own because the page's policy allows no inline script.
const place = document.getElementById("swagger-ui");
SwaggerUIBundle({ url: place.dataset.url, domNode: place, deepLinking: true, persistAuthorization: false });
