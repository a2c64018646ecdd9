// The worker behind check-ins: keeps their form so that it opens without a network, and sends
// what was sent off while there was none. Starts with VERSION and with kept.js.
const CACHE = `check-ins ${VERSION}`;
const START = "/c/";
const PATIENCE = 8000;
// So many forms are kept, the newest (ours): one for each link that may still be asked about.
const FORMS = 3;

// A copy says that it is one, and how far the clocks were apart when it was made.
const copy = (answer, text) => {
  const made = /name="made" value="([^"]+)"/.exec(text);
  const skew = made ? Date.parse(made[1]) - Date.now() : 0;
  const headers = new Headers(answer.headers);
  // In the language of this phone: nothing else is asked of a copy.
  ["content-encoding", "content-length", "vary"].forEach((name) => headers.delete(name));
  return new Response(text.replace("<body ", `<body data-kept data-skew="${skew}" `), { headers });
};
const keep = async (path) => {
  const cache = await caches.open(CACHE);
  for (const page of [path, START]) {
    const answer = await fetch(page === START ? page : `${page}?again=yes`);
    if (!answer.ok) continue;
    const text = await answer.text();
    await cache.addAll([...text.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)].map(([, file]) => file));
    await cache.delete(page);
    await cache.put(page, copy(answer, text));
  }
  const forms = (await cache.keys()).map(({ url }) => new URL(url).pathname)
    .filter((kept) => kept.startsWith(START) && kept !== START);
  for (const old of forms.slice(0, -FORMS)) await cache.delete(old);
};
// What a form kept knows nothing of what was sent since: it goes, and is made anew if it can be.
const renew = async (path) => {
  await (await caches.open(CACHE)).delete(path);
  await keep(path).catch(() => {});
};

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil((async () => {
  const old = (await caches.keys()).filter((name) => name !== CACHE);
  const forms = new Set();
  for (const name of old) {
    for (const { url } of await (await caches.open(name)).keys()) {
      const { pathname } = new URL(url);
      if (pathname.startsWith(START) && pathname !== START) forms.add(pathname);
    }
  }
  for (const form of forms) await keep(form).catch(() => {});
  await Promise.all(old.map((name) => caches.delete(name)));
  await self.clients.claim();
})()));

// The page of a link from its own copy alone, and a result from none: an old form would be
// taken for a new one. Where there is no copy the start page says that there is no connection.
const show = async (request) => {
  const { pathname, searchParams } = new URL(request.url);
  const cache = await caches.open(CACHE);
  const old = searchParams.has("told") ? undefined : await cache.match(pathname);
  const slow = new Promise((_, failed) => { if (old) setTimeout(() => failed(new Error("slow")), PATIENCE); });
  try {
    const answer = await Promise.race([fetch(request), slow]);
    if (answer.status === 404 || answer.status === 410) await cache.delete(pathname);
    return old && answer.status >= 500 ? old : answer;
  } catch (problem) {
    const start = old || (await cache.match(START));
    if (start) return start;
    throw problem;
  }
};
const file = async (request) => (await caches.match(request)) || fetch(request);

const tell = async ({ form, at }) => {
  for (const page of await self.clients.matchAll()) page.postMessage({ sent: form, at });
};
const sendOne = async (entry) => {
  const answer = await kept.send(entry, entry.off ? entry.path : `${entry.path}/begun`);
  if (answer.status !== 204) return kept.refuses(answer);
  if (!entry.off) await kept.told(entry);
  else {
    await kept.arrived(entry);
    await renew(entry.path);
    await tell(entry);
  }
  return true;
};
// What is not taken is thrown, so that the browser comes back to it; what the server refuses
// stays, for the page to say so.
const sendAll = async () => {
  let left = 0;
  for (const entry of await kept.all()) {
    if ((entry.off || entry.alarm) && !(await sendOne(entry).catch(() => false))) left += 1;
  }
  if (left > 0) throw new Error(`${left} not sent`);
};

self.addEventListener("message", (event) => {
  if (event.data.keep) event.waitUntil(keep(event.data.keep).catch(() => {}));
  if (event.data.sent) event.waitUntil(renew(event.data.sent));
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
