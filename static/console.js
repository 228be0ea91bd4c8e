// What the console does more with JavaScript: search while typing, and progress without reloading the page.

/** Return the element with this selector from a page that the server renders, or null if it cannot be had. */
async function fetched(url, selector, signal) {
  const answer = await fetch(url, { signal, headers: { Accept: "text/html" } });
  if (!answer.ok || new URL(answer.url).pathname !== new URL(url, location.href).pathname) return null;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return page.querySelector(selector);
}

for (const form of document.querySelectorAll("[data-live]")) {
  let waiting, running;
  const search = async () => {
    const query = new URLSearchParams([...new FormData(form)].filter(([, value]) => value));
    const url = `${form.getAttribute("action")}${query.size ? `?${query}` : ""}`;
    running?.abort();
    running = new AbortController();
    try {
      const results = await fetched(url, "[data-results]", running.signal);
      if (!results) return;
      document.querySelector("[data-results]").replaceWith(results);
      history.replaceState(null, "", url);
    } catch (error) {
      if (error.name !== "AbortError") form.submit(); // shows what went wrong
    }
  };
  const soon = () => {
    clearTimeout(waiting);
    waiting = setTimeout(search, 250);
  };
  form.addEventListener("input", soon);
}

for (const part of document.querySelectorAll("[data-refresh]")) {
  let shown = part;
  const refresh = async () => {
    const selector = shown.id ? `#${shown.id}` : `[aria-labelledby="${shown.getAttribute("aria-labelledby")}"]`;
    const found = await fetched(location.href, selector).catch(() => null);
    if (found) {
      shown.replaceWith(found);
      shown = found;
    }
    if (shown.dataset.refresh) setTimeout(refresh, Number(shown.dataset.refresh));
  };
  setTimeout(refresh, Number(part.dataset.refresh));
}
