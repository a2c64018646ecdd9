// The worker behind check-ins: keeps their form so that it opens without a network, and sends
// what was sent off while there was none. Starts with VERSION and with kept.js.
const CACHE = `check-ins ${VERSION}`;
const START = "/c/";
const PATIENCE = 8000;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil((async () => {
  const old = (await caches.keys()).filter((name) => name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
  await self.clients.claim();
})()));

// A copy says that it is one, and how far the clocks were apart when it was made.
const copy = async (answer) => {
  const text = await answer.text();
  const made = /"at":"([^"]+)"/.exec(text);
  const skew = made ? Date.parse(made[1]) - Date.now() : 0;
  const headers = new Headers(answer.headers);
  ["content-encoding", "content-length"].forEach((name) => headers.delete(name));
  return new Response(text.replace("<body ", `<body data-kept data-skew="${skew}" `), { headers });
};
const keep = async (path, files) => {
  const cache = await caches.open(CACHE);
  await cache.addAll(files);
  for (const page of [path, START]) {
    const answer = await fetch(page === START ? page : `${page}?again=yes`);
    if (answer.ok) await cache.put(page, await copy(answer));
  }
};

const show = async (request) => {
  const { pathname } = new URL(request.url);
  const cache = await caches.open(CACHE);
  const old = (await cache.match(pathname)) || (await cache.match(START));
  const slow = new Promise((_, failed) => { if (old) setTimeout(() => failed(new Error("slow")), PATIENCE); });
  try {
    const answer = await Promise.race([fetch(request), slow]);
    if (answer.status === 404 || answer.status === 410) await cache.delete(pathname);
    return answer;
  } catch (problem) {
    if (old) return old;
    throw problem;
  }
};
const file = async (request) => (await caches.match(request)) || fetch(request);

const tell = async (path) => {
  for (const page of await self.clients.matchAll()) page.postMessage({ sent: path });
};
// What the network does not take is thrown, so that the browser comes back to it; what the
// server refuses stays, for the page to say so.
const sendAll = async () => {
  for (const entry of await kept.all()) {
    if (entry.off) {
      const answer = await kept.send(entry, entry.path);
      if (answer.status === 204) { await kept.drop(entry.path); await tell(entry.path); }
    } else if (entry.alarm) {
      const answer = await kept.send(entry, `${entry.path}/begun`);
      if (answer.status === 204) await kept.put({ ...entry, alarm: false });
    }
  }
};

self.addEventListener("message", (event) => {
  if (event.data.keep) event.waitUntil(keep(event.data.keep, event.data.files));
});
self.addEventListener("sync", (event) => { if (event.tag === "check-in") event.waitUntil(sendAll()); });
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin) return;
  // What a page tells as it closes would go with it: the worker outlives the page.
  if (request.method === "POST" && url.pathname.endsWith("/begun")) {
    const told = fetch(request);
    event.waitUntil(told.catch(() => {}));
    event.respondWith(told);
  }
  if (request.method !== "GET") return;
  if (request.mode === "navigate") event.respondWith(show(request));
  else if (url.pathname.startsWith("/assets/")) event.respondWith(file(request));
});
