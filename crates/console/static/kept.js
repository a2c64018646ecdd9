// Check-ins that a phone keeps until the clinic has them, one for each link: shared by the page
// of a check-in and by the worker that sends while no page is open. An entry holds the path of
// its link, its fields as the form sends them, the instant they were given (`at`), whether they
// were sent off (`off`), and whether an emergency among them has not been told yet (`alarm`).
const kept = (() => {
  const STORE = "check-ins";
  let base = null;
  const open = () => base ||= new Promise((done, failed) => {
    const asked = indexedDB.open("annulus", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { keyPath: "path" });
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => { base = null; failed(asked.error); };
  });
  const run = async (mode, work) => {
    const transaction = (await open()).transaction(STORE, mode);
    const asked = work(transaction.objectStore(STORE));
    return new Promise((done, failed) => {
      transaction.oncomplete = () => done(asked.result);
      transaction.onabort = () => failed(transaction.error);
    });
  };
  const WAIT = 8000;
  return {
    all: () => run("readonly", (store) => store.getAll()),
    of: (path) => run("readonly", (store) => store.get(path)),
    put: (entry) => run("readwrite", (store) => store.put(entry)),
    drop: (path) => run("readwrite", (store) => store.delete(path)),
    // The server counts back from when it has them: a clock that is wrong is wrong at both ends.
    send: (entry, where) => {
      const waited = Math.max(0, Math.round((Date.now() - entry.at) / 1000));
      return fetch(where, {
        method: "POST", redirect: "manual", keepalive: true,
        body: new URLSearchParams([...entry.fields, ["waited", String(waited)]]),
        headers: { "X-Annulus-Fetch": "1" }, signal: AbortSignal.timeout(WAIT),
      });
    },
  };
})();
