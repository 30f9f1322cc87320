/* Runs before the page is drawn, so that parts which need scripts do not jump when they come alive. */
document.body.classList.add("js-enabled");
if ("noModule" in HTMLScriptElement.prototype) {
  document.body.classList.add("govuk-frontend-supported");
}
