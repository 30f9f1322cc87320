/* Whoever goes back to a list finds the row that they left it from. The browser keeps it with that visit to the page. */
export function wakePlace(page) {
  const left = history.state?.row;
  const link = left && [...page.querySelectorAll("[data-row] [data-open]")].find((each) => address(each) === left);
  if (link && page.activeElement === page.body) link.focus();
  page.addEventListener(
    "click",
    (event) => {
      const row = event.target.closest("[data-row]")?.querySelector("[data-open]");
      if (row) history.replaceState({ ...history.state, row: address(row) }, "");
    },
    { capture: true },
  );
}

function address(link) {
  return link.getAttribute("href");
}
