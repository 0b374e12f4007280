"use strict";
const of = (id) => document.getElementById(id);
const EVERY = 5000;
const SELDOM = 60000;
let turn = 0;
let leaving = new AbortController();

function say(words) {
  of("state").textContent = words;
}

function show(page) {
  const main = new DOMParser().parseFromString(page, "text/html").querySelector("main");
  main.querySelector("h1").remove();
  of("figures").replaceChildren(...main.childNodes);
  say(`Bijgewerkt om ${new Date().toLocaleTimeString("nl-NL")}.`);
}

function leave() {
  leaving.abort();
  leaving = new AbortController();
  return (turn += 1);
}

function forget(words) {
  leave();
  sessionStorage.removeItem("key");
  of("key").value = "";
  of("figures").replaceChildren();
  say(words);
}

async function asked(path, method, key, headers) {
  const answer = await fetch(path, {
    method, headers: { Authorization: `Bearer ${key}`, ...headers }, cache: "no-store", credentials: "omit", redirect: "error",
    signal: leaving.signal,
  });
  if (answer.ok || answer.status === 304) return answer;
  throw Object.assign(new Error("refused"), { status: answer.status });
}

async function look(key, year, beside, tag) {
  const known = tag ? { "If-None-Match": tag } : {};
  const moved = await asked(`/v1/statistics?indicator=activities&period=${year}`, "HEAD", key, known);
  if (moved.status === 304) return [tag, null];
  const compare = beside ? `&compareTo=${beside}` : "";
  const sheet = await asked(`/v1/fact-sheets/${year}?live=true${compare}`, "GET", key, { Accept: "text/html" });
  return [moved.headers.get("ETag"), await sheet.text()];
}

class News {
  constructor() {
    this.streaming = false;
    this.come = false;
    this.wake = () => {};
  }

  tell() {
    this.come = true;
    this.wake();
  }

  async wait(trouble) {
    if (!this.come) {
      await new Promise((done) => {
        this.wake = done;
        setTimeout(done, this.streaming && !trouble ? SELDOM : EVERY);
      });
    }
    this.come = false;
  }
}

async function listen(key, mine, news) {
  while (mine === turn) {
    try {
      const answer = await asked("/v1/statistics/stream", "GET", key, { Accept: "text/event-stream" });
      const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      news.streaming = true;
      let rest = "";
      for (let part = await reader.read(); !part.done; part = await reader.read()) {
        const events = (rest + part.value).split("\n\n");
        rest = events.pop();
        if (events.some((event) => event.startsWith("event: figures"))) news.tell();
      }
    } catch {
      // The other way of asking goes on, and says what is wrong.
    }
    if (news.streaming) news.tell();
    news.streaming = false;
    await new Promise((done) => setTimeout(done, EVERY));
  }
}

async function follow(key, year, beside) {
  const mine = leave();
  const news = new News();
  let tag = "";
  listen(key, mine, news);
  while (mine === turn) {
    let trouble = false;
    try {
      const [next, page] = await look(key, year, beside, tag);
      if (mine !== turn) return;
      if (page !== null) show(page);
      tag = next;
    } catch (error) {
      if (mine !== turn) return;
      if (error.status === 401 || error.status === 403) return forget("Met deze sleutel kunt u de cijfers niet zien.");
      if (error.status === 400) {
        leave();
        return say("Dit jaar kennen wij niet. Kies een ander jaar.");
      }
      trouble = true;
      say("De cijfers komen nu niet door. Wij proberen het vanzelf weer.");
    }
    await news.wait(trouble);
  }
}

of("ask").addEventListener("submit", (event) => {
  event.preventDefault();
  const key = of("key").value.trim();
  sessionStorage.setItem("key", key);
  say("Wij halen de cijfers op.");
  follow(key, Number(of("year").value), Number(of("beside").value));
});
of("forget").addEventListener("click", () => forget("De sleutel is weg."));
of("year").value = new Date().getFullYear();
of("beside").value = new Date().getFullYear() - 1;
if (sessionStorage.getItem("key")) {
  of("key").value = sessionStorage.getItem("key");
  of("ask").requestSubmit();
}
