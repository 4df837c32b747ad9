// What the tests ask of the wall's page; evaluated once per page.
(() => {
  const ALIVE = "[data-clock], [data-age], [data-page], .note"; // what may change on an unchanged wall
  const root = () => {
    for (const e of document.querySelectorAll("*")) if (e.shadowRoot?.querySelector(".wall")) return e.shadowRoot;
    return document;
  };
  const isSeen = (e) => e.getBoundingClientRect().width > 0 && getComputedStyle(e).visibility === "visible";
  const hasWords = (e) => [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim());

  function misfit(e, unit) {
    const style = getComputedStyle(e);
    const isSvg = e instanceof SVGElement;
    const glyph = parseFloat(style.fontSize) * (isSvg ? e.getScreenCTM().a : 1);
    const [own, card] = [e, e.closest(".card, .head") ?? e].map((x) => x.getBoundingClientRect());
    if (glyph < 13.9 * unit) return `small (${glyph})`;
    if (!e.closest(".ticker") && (own.left < card.left - 1 || own.right > card.right + 1)) return "outside its card";
    if (!e.closest(".ticker") && (own.top < card.top - 1 || own.bottom > card.bottom + 1)) return "outside its card";
    if (isSvg || e.title) return "";
    if (e.clientWidth > 0 && e.scrollWidth > e.clientWidth + 1) return `clipped (${e.scrollWidth} > ${e.clientWidth})`;
    if (style.overflowY !== "visible" && e.scrollHeight > e.clientHeight + 3) return `cut (${e.scrollHeight})`;
    return "";
  }

  window.wall = {
    text: (panel) => root().querySelector(`[data-panel=${panel}]`).textContent,
    scene: () => root().querySelector(".tab.on").textContent,
    misfits() {
      const unit = Math.min(innerWidth / 1920, innerHeight / 1080);
      const found = [];
      for (const e of root().querySelectorAll(".head *, .scene.on *, .ticker .item *")) {
        const what = hasWords(e) && isSeen(e) ? misfit(e, unit) : "";
        if (what) found.push(`${e.textContent.trim().slice(0, 24)}: ${what}`);
      }
      const d = document.documentElement;
      if (d.scrollWidth !== d.clientWidth || d.scrollHeight !== d.clientHeight) found.push("scroll bar");
      return found;
    },
    observe() {
      window.mutations = [];
      const note = (list) => {
        for (const m of list) {
          const place = m.target.nodeType === 1 ? m.target : m.target.parentElement;
          if (!place.closest(ALIVE)) window.mutations.push(`${place.className} ${m.type}`);
        }
      };
      new MutationObserver(note).observe(root(), { childList: true, characterData: true, subtree: true });
    },
  };
})();
