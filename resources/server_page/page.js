// The page of `reelfind serve`. Whatever comes from the library is put in as text, never as markup.
const API = "/api/v1";
const at = (id) => document.getElementById(id);
const state = { moments: [], next: null, shown: -1, favourites: [], asking: null, timer: 0, query: "" };

class Refused extends Error {
  constructor(problem) {
    super([problem.detail, problem.advice].filter(Boolean).join(" "));
    this.status = problem.status;
  }
}

async function ask(path, options = {}) {
  let answer;
  try {
    answer = await fetch(API + path, { credentials: "same-origin", ...options });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Refused({ status: 0, detail: "The server cannot be reached.", advice: "See that it runs, then try again." });
  }
  if (answer.status === 401) {
    location.assign("/enter");
    throw new Refused({ status: 401, detail: "This browser is not known here." });
  }
  if (!answer.ok) {
    const problem = await answer.json().catch(() => ({ status: answer.status, detail: "The server answers with an error." }));
    throw new Refused(problem);
  }
  return answer.status === 204 ? null : answer.json();
}

function make(kind, className, text) {
  const element = document.createElement(kind);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
}

function clock(seconds) {
  const whole = Math.floor(seconds);
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (number) => String(number).padStart(2, "0");
  return h ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

function say(text, wrong = false) {
  at("said").textContent = text;
  at("said").classList.toggle("wrong", wrong);
}

// Searching

async function search(text, { push = true } = {}) {
  state.query = text.trim();
  state.asking?.abort();
  if (push) history.replaceState({}, "", state.query ? `/?q=${encodeURIComponent(state.query)}` : "/");
  document.title = state.query ? `${state.query} – Reelfind` : "Reelfind";
  if (!state.query) return start();
  state.asking = new AbortController();
  try {
    const found = await ask(`/search?limit=48&q=${encodeURIComponent(state.query)}`, { signal: state.asking.signal });
    at("examples").hidden = true;
    at("grid").replaceChildren();
    state.moments = [];
    add(found);
    say(heading(found));
  } catch (error) {
    if (error.name !== "AbortError") say(error.message, true);
  }
}

function heading(found) {
  if (found.notice) return found.notice;
  if (!found.results.length) return "No video that is indexed fits.";
  if (found.results[0].listed) return "Newest first";
  if (found.verdict === "none") return "Nothing in these videos seems to match. The closest:";
  if (found.verdict === "weak") return "No clear match. The closest:";
  return "Best matches first";
}

function add(found) {
  state.next = found.next_offset;
  at("more").hidden = state.next === null;
  for (const moment of found.results) {
    const place = state.moments.push(moment) - 1;
    const item = make("li");
    item.append(card(moment, place));
    at("grid").append(item);
  }
}

function card(moment, place) {
  const button = make("button", moment.playable ? "card" : "card away");
  button.type = "button";
  const picture = make("span", "picture");
  if (moment.thumbnail) {
    const image = make("img");
    image.loading = "lazy";
    image.decoding = "async";
    image.alt = "";
    image.addEventListener("error", () => image.remove());
    image.src = moment.thumbnail;
    picture.append(image);
  }
  picture.append(make("span", "time", clock(moment.best)));
  if (!moment.listed) {
    const likely = make("span", "likely");
    likely.style.width = `${Math.round(moment.strength * 100)}%`;
    picture.append(likely);
  }
  button.append(picture, make("span", "name", moment.name), why(moment));
  button.addEventListener("click", () => play(place));
  return button;
}

function why(moment) {
  const line = make("span", "why");
  const quoted = moment.reasons.find((reason) => reason.quote);
  if (!moment.playable) {
    line.textContent = "Its disk is not connected";
  } else if (quoted) {
    let end = 0;
    line.append("“");
    for (const [first, behind] of quoted.marks) {
      line.append(quoted.quote.slice(end, first), make("mark", "", quoted.quote.slice(first, behind)));
      end = behind;
    }
    line.append(quoted.quote.slice(end), "”");
  } else if (moment.filmed > 0) {
    line.textContent = new Date(moment.filmed * 1000).toLocaleDateString(undefined, { dateStyle: "medium" });
  }
  return line;
}

async function more() {
  at("more").disabled = true;
  try {
    add(await ask(`/search?limit=48&offset=${state.next}&q=${encodeURIComponent(state.query)}`));
  } catch (error) {
    say(error.message, true);
  }
  at("more").disabled = false;
}

/** The server looks for examples when somebody asks first: it answers some seconds later. */
async function askForExamples() {
  for (let left = 5; left && !state.query; left--) {
    const { examples, complete } = await ask("/examples");
    if (complete) return examples;
  }
  return [];
}

async function start() {
  at("grid").replaceChildren();
  at("more").hidden = true;
  state.moments = [];
  say("");
  try {
    const examples = await askForExamples();
    if (state.query || !examples.length) return;
    say("Such as");
    at("examples").replaceChildren(
      ...examples.map((text) => {
        const item = make("li");
        const button = make("button", "", text);
        button.type = "button";
        button.addEventListener("click", () => {
          at("query").value = text;
          search(text);
        });
        item.append(button);
        return item;
      }),
    );
    at("examples").hidden = false;
  } catch (error) {
    say(error.message, true);
  }
}

// Playing

function play(place) {
  const moment = state.moments[place];
  state.shown = place;
  at("player-name").textContent = moment.name;
  at("player-time").textContent = `${clock(moment.start)}–${clock(moment.end)}`;
  at("before").disabled = place === 0;
  at("behind").disabled = place + 1 >= state.moments.length;
  const end = Math.min(Math.max(moment.end, moment.start + 1), moment.start + 300);
  at("clip").href = `${API}/videos/${moment.video_id}/clip?start=${moment.start}&end=${end}`;
  at("clip").hidden = !moment.playable;
  showFavourite();
  if (moment.playable) {
    open(`${API}/videos/${moment.video_id}/file#t=${moment.best}`, moment.best);
  } else {
    cannot("This video’s disk is not connected.", false);
  }
  if (!at("player").open) {
    at("player").showModal();
    history.pushState({ player: true }, "");
  }
}

function open(source, from) {
  const video = at("video");
  at("unplayable").hidden = true;
  video.hidden = false;
  video.dataset.from = from;
  video.src = source;
  video.play().catch(() => {}); // a phone may want a touch first
}

function cannot(text, convertible) {
  const video = at("video");
  video.removeAttribute("src");
  video.load();
  video.hidden = true;
  at("unplayable-said").textContent = text;
  at("convert").hidden = !convertible;
  at("unplayable").hidden = false;
}

function onMetadata() {
  const video = at("video");
  const from = Number(video.dataset.from);
  if (Math.abs(video.currentTime - from) > 0.3) video.currentTime = from;
}

function onFrame() {
  if (at("video").videoWidth === 0) onError(); // its sound alone can be played
}

function onError() {
  const video = at("video");
  if (!video.getAttribute("src")) return;
  if (video.src.includes("/clip?")) cannot("This part cannot be converted.", false);
  else cannot("This browser cannot play this kind of video.", true);
}

function convert() {
  const moment = state.moments[state.shown];
  const first = Math.max(0, moment.best - 2);
  const end = Math.min(first + 60, moment.duration || first + 60);
  open(`${API}/videos/${moment.video_id}/clip?exact=true&start=${first}&end=${end}`, moment.best - first);
}

function closePlayer() {
  at("video").removeAttribute("src");
  at("video").load();
  state.shown = -1;
  if (history.state?.player) history.back();
}

// Favourites

const isAbout = (kept, moment) => {
  if (kept.video_id !== moment.video_id) return false;
  if (kept.start === null) return true;
  const end = Math.max(moment.end, moment.start + 1);
  const shared = Math.min(kept.end, end) - Math.max(kept.start, moment.start);
  return shared > 0 && shared >= 0.5 * Math.min(kept.end - kept.start, end - moment.start);
};

function showFavourite() {
  const moment = state.moments[state.shown];
  const kept = moment && state.favourites.some((each) => isAbout(each, moment));
  at("favourite").setAttribute("aria-pressed", String(Boolean(kept)));
}

async function readFavourites() {
  try {
    state.favourites = (await ask("/people/me/favourites")).favourites;
    showFavourite();
  } catch {} // said where it is asked for
}

async function toggleFavourite() {
  const moment = state.moments[state.shown];
  const isOn = at("favourite").getAttribute("aria-pressed") === "true";
  const body = JSON.stringify({ video_id: moment.video_id, start: moment.start, end: moment.end });
  try {
    await ask("/people/me/favourites", {
      method: isOn ? "DELETE" : "PUT", body, headers: { "Content-Type": "application/json" },
    });
  } catch (error) {
    at("player-time").textContent = error.message;
  }
  await readFavourites();
}

// The library

async function readStatus() {
  try {
    const status = await ask("/status");
    const hours = status.seconds / 3600;
    const minutes = Math.round(status.seconds / 60);
    const short = minutes === 1 ? "1 minute" : `${minutes} minutes`;
    const length = hours >= 1 ? `${hours.toFixed(hours < 10 ? 1 : 0)} hours` : short;
    const todo = status.pending ? `, ${status.pending} to do` : "";
    const videos = `${status.indexed} ${status.indexed === 1 ? "video" : "videos"}`;
    at("library").textContent = `${videos}, ${length}${todo}`;
    if (!status.indexing) at("progress").hidden = true;
  } catch {} // the search says it
}

async function invite() {
  try {
    const { path, seconds } = await ask("/links", { method: "POST" });
    at("link").textContent = `Open ${location.origin}${path} on it within ${Math.round(seconds / 60)} minutes.`;
  } catch (error) {
    at("link").textContent = error.message;
  }
  at("link").hidden = false;
}

function listen() {
  const events = new EventSource(`${API}/events`);
  events.addEventListener("changed", (event) => {
    const changed = JSON.parse(event.data);
    if (changed.findable || changed.folders) readStatus();
    if (changed.kept) readFavourites();
  });
  events.addEventListener("progress", (event) => {
    at("progress").hidden = false;
    at("progress").value = JSON.parse(event.data).fraction;
  });
  events.addEventListener("indexing", readStatus);
}

at("search").addEventListener("submit", (event) => {
  event.preventDefault();
  clearTimeout(state.timer);
  search(at("query").value);
  at("query").blur();
});
at("query").addEventListener("input", () => {
  clearTimeout(state.timer);
  state.timer = setTimeout(() => search(at("query").value), 400);
});
at("more").addEventListener("click", more);
at("before").addEventListener("click", () => play(state.shown - 1));
at("behind").addEventListener("click", () => play(state.shown + 1));
at("favourite").addEventListener("click", toggleFavourite);
at("close").addEventListener("click", () => at("player").close());
at("player").addEventListener("close", closePlayer);
at("player").addEventListener("click", (event) => {
  if (event.target === at("player")) at("player").close();
});
at("convert").addEventListener("click", convert);
at("invite").addEventListener("click", invite);
at("video").addEventListener("loadedmetadata", onMetadata);
at("video").addEventListener("loadeddata", onFrame);
at("video").addEventListener("error", onError);
window.addEventListener("popstate", () => {
  if (at("player").open && !history.state?.player) at("player").close();
});

at("query").value = new URLSearchParams(location.search).get("q") ?? "";
readStatus();
readFavourites();
listen();
search(at("query").value, { push: false });
