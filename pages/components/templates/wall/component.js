// Keeps the wall alive: asks the server for what changed, swaps only the panels that did, turns scenes and pages.

const SILENT_SECONDS = 6; // without an answer for so long the picture counts as old
const PATIENCE_MS = 12000; // the server holds a question for a few seconds; later than this the line is dead
const RETRY_MS = 1000;
const REFUSED_MS = 10000;
const HIDDEN_MS = 5000;
const TICK_MS = 250;
const PAGE_SECONDS = 9;
const LINE_SECONDS = 8;
const RELEASE_KEY = "warroom.wall.release";

const walls = new WeakMap();

export default function (component) {
  const [data] = component.data ?? [];
  const root = component.parentElement.querySelector(".wall");
  if (!root || !data) return undefined;
  let wall = walls.get(root);
  if (!wall) {
    wall = new Wall(root, data);
    walls.set(root, wall);
  }
  wall.receive(data);
  return () => wall.rest();
}

class Wall {
  constructor(root, data) {
    this.root = root;
    this.scene = 0;
    this.sceneAt = performance.now();
    this.paused = false;
    this.answeredAt = performance.now();
    this.drift = 0;
    this.version = "";
    this.html = new Map();
    this.pages = new WeakMap();
    root.innerHTML = data.frame;
    this.scenes = [...root.querySelectorAll("[data-scene]")];
    this.tabs = [...root.querySelectorAll("[data-tab]")];
    this.panels = new Map([...root.querySelectorAll("[data-panel]")].map((place) => [place.dataset.panel, place]));
    this.tabs.forEach((tab, index) => tab.addEventListener("click", () => this.go(index)));
    this.onKey = (event) => this.key(event);
  }

  receive(data) {
    this.data = data;
    this.setTime(data.now * 1000);
    // A script run of the page may be older than what a question brought since; then the next answer mends it.
    this.apply(data.picture);
    if (!this.alive) {
      this.alive = true;
      window.addEventListener("keydown", this.onKey, true);
      this.timer = setInterval(() => this.tick(), TICK_MS);
      this.go(this.scene);
      this.ask();
    }
  }

  rest() {
    this.alive = false;
    clearInterval(this.timer);
    window.removeEventListener("keydown", this.onKey, true);
    this.abort?.abort();
  }

  // ---- the line to the server

  async ask() {
    const mine = (this.line = {});
    while (this.alive && this.line === mine) {
      let pause = 0;
      try {
        pause = await this.askOnce();
      } catch {
        pause = RETRY_MS;
      }
      if (pause) await new Promise((done) => setTimeout(done, pause));
    }
  }

  async askOnce() {
    this.abort = new AbortController();
    const late = setTimeout(() => this.abort.abort(), PATIENCE_MS);
    try {
      const hold = document.hidden ? "&hold=0" : "";
      const response = await fetch(`${this.data.endpoint}v=${encodeURIComponent(this.version)}${hold}`, {
        headers: { "If-None-Match": `"${this.version}"`, Accept: "application/json" },
        cache: "no-store",
        credentials: "same-origin",
        redirect: "error",
        signal: this.abort.signal,
      });
      const date = Date.parse(response.headers.get("Date") ?? "");
      if (date) this.setTime(date + 500);
      if (response.status === 401 || response.status === 403) return this.refuse(await said(response));
      if (response.status === 200) this.apply(await response.json());
      else if (response.status !== 304) throw new Error(String(response.status));
      this.answered();
      return document.hidden ? HIDDEN_MS : 0;
    } finally {
      clearTimeout(late);
    }
  }

  answered() {
    this.answeredAt = performance.now();
    this.setState("live");
  }

  refuse(message) {
    this.refusal = message;
    this.setState("refused");
    return REFUSED_MS;
  }

  apply(picture) {
    if (this.build && picture.build !== this.build) this.renew(picture.build);
    this.build = picture.build;
    this.changedAt = picture.changed_at;
    this.version = picture.version;
    for (const [id, html] of Object.entries(picture.panels)) {
      const place = this.panels.get(id);
      if (!place || this.html.get(id) === html) continue;
      this.html.set(id, html);
      place.innerHTML = html;
      for (const box of place.querySelectorAll("[data-pages]")) this.turn(box, place, 0);
      if (place.querySelector("[data-lines]")) this.lineAt = performance.now();
    }
  }

  // A new release of the server needs a new frame. Once per release, so that a wall never reloads in a circle.
  renew(build) {
    if (sessionStorage.getItem(RELEASE_KEY) === build) return;
    sessionStorage.setItem(RELEASE_KEY, build);
    location.reload();
  }

  // ---- what moves by itself

  tick() {
    const now = performance.now();
    this.showTime();
    if (this.root.dataset.state !== "refused" && now - this.answeredAt > SILENT_SECONDS * 1000) this.setState("offline");
    if (this.root.dataset.state !== "live") this.showNotice();
    if (!this.paused && now - this.sceneAt > this.data.scene_seconds * 1000) this.go(this.scene + 1);
    for (const box of this.scenes[this.scene].querySelectorAll("[data-pages]")) {
      const shown = this.pages.get(box);
      if (!this.paused && shown && now - shown.at > PAGE_SECONDS * 1000) this.turn(box, box.closest("[data-panel]"), 1);
    }
    if (now - (this.lineAt ?? 0) > LINE_SECONDS * 1000) this.nextLine(now);
  }

  turn(box, place, step) {
    const all = [...box.children];
    const atOnce = Math.max(1, Number.parseInt(getComputedStyle(box).getPropertyValue("--at-once"), 10) || 1);
    const sheets = Math.ceil(all.length / atOnce);
    // A panel that was swapped stays on the page it showed.
    const before = this.pages.get(box)?.sheet ?? this.pages.get(place)?.sheet ?? 0;
    const sheet = sheets ? (before + step) % sheets : 0;
    const shown = { sheet, at: performance.now() };
    this.pages.set(box, shown);
    if (place) this.pages.set(place, shown);
    all.forEach((page, index) => {
      page.classList.toggle("on", Math.floor(index / atOnce) === sheet);
      page.classList.toggle("left", atOnce > 1 && index % atOnce === 0);
      page.classList.toggle("right", atOnce > 1 && index % atOnce === 1);
    });
    const mark = place?.querySelector("[data-page]");
    if (mark) {
      setText(mark, String(sheet + 1));
      if (mark.nextSibling) mark.nextSibling.data = `/${sheets}`;
    }
  }

  nextLine(now) {
    this.lineAt = now;
    const lines = this.root.querySelector("[data-lines]");
    const item = lines?.firstElementChild;
    if (!item || !item.offsetHeight) return;
    const count = Math.round(lines.offsetHeight / item.offsetHeight);
    this.lineNumber = ((this.lineNumber ?? 0) + 1) % Math.max(1, count);
    lines.style.transform = `translateY(${(-100 * this.lineNumber) / Math.max(1, count)}%)`;
  }

  go(index) {
    const count = this.scenes.length;
    this.scene = ((index % count) + count) % count;
    this.sceneAt = performance.now();
    this.scenes.forEach((scene, number) => scene.classList.toggle("on", number === this.scene));
    this.tabs.forEach((tab, number) => tab.classList.toggle("on", number === this.scene));
    for (const box of this.scenes[this.scene].querySelectorAll("[data-pages]")) {
      this.turn(box, box.closest("[data-panel]"), 0);
    }
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const number = Number.parseInt(event.key, 10);
    if (event.key === "ArrowRight") this.go(this.scene + 1);
    else if (event.key === "ArrowLeft") this.go(this.scene - 1);
    else if (event.key === " ") this.pause(!this.paused);
    else if (number >= 1 && number <= this.scenes.length) this.go(number - 1);
    else if (event.key === "f" || event.key === "F") fullScreen();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  pause(paused) {
    this.paused = paused;
    this.sceneAt = performance.now();
    this.root.toggleAttribute("data-paused", paused);
  }

  // ---- time and state in words

  setTime(serverMs) {
    const drift = serverMs - Date.now();
    // The Date header has whole seconds: follow only what is more than its grain.
    if (Math.abs(drift - this.drift) > 1500) this.drift = drift;
  }

  showTime() {
    const now = new Date(Date.now() + this.drift);
    const clock = new Intl.DateTimeFormat("sv-SE", { timeZone: this.data.zone, dateStyle: "short", timeStyle: "short" });
    setText(this.root.querySelector("[data-clock]"), clock.format(now));
    const age = this.changedAt ? ` · ${ago(now.getTime() / 1000 - this.changedAt)}更新` : "";
    setText(this.root.querySelector("[data-age]"), age);
  }

  setState(state) {
    if (this.root.dataset.state !== state) this.root.dataset.state = state;
    if (state !== "live") this.showNotice();
  }

  showNotice() {
    const age = spell((performance.now() - this.answeredAt) / 1000);
    const text =
      this.root.dataset.state === "refused"
        ? this.refusal
        : `离线：与服务器的连接中断，正在自动重连。画面是 ${age}前的数据。`;
    setText(this.root.querySelector("[data-notice]"), text);
  }
}

async function said(response) {
  try {
    return (await response.json()).message;
  } catch {
    return "登录已失效，或大屏密钥已停用。请重新登录，或向管理员申请新的大屏地址。";
  }
}

function setText(place, text) {
  if (place && place.textContent !== text) place.textContent = text;
}

function ago(seconds) {
  return seconds < 60 ? "刚刚" : `${spell(seconds)}前`;
}

function spell(seconds) {
  if (seconds < 60) return `${Math.max(1, Math.round(seconds))} 秒`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} 分钟`;
  if (seconds < 86400) return `${Math.floor(seconds / 3600)} 小时`;
  return `${Math.floor(seconds / 86400)} 天`;
}

function fullScreen() {
  if (document.fullscreenElement) document.exitFullscreen();
  else document.documentElement.requestFullscreen?.().catch(() => undefined);
}
