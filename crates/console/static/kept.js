// Check-ins that a phone keeps until the clinic has them: shared by the page of a check-in and by
// the worker that sends while no page is open. An entry holds the id of its form, the path of its
// link, its fields as the form sends them, when they were given (`at`), whether they were sent
// off (`off`), and whether an emergency among them has not been told yet (`alarm`).
const kept = (() => {
  const STORE = "check-ins";
  // Nobody reads later a draft that is older than this (ours). What was sent off, or is an
  // emergency, stays until the clinic has it or somebody says that they have told it: the clock of
  // a phone may be days off, and is not asked.
  const WEEK = 7 * 24 * 3_600_000;
  const WAIT = 8000;
  let base = null;
  const open = () => base ||= new Promise((done, failed) => {
    const asked = indexedDB.open("annulus-check-ins", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { keyPath: "form" });
    asked.onsuccess = () => { asked.result.onclose = () => { base = null; }; done(asked.result); };
    asked.onerror = () => failed(asked.error);
  });
  // One transaction; a base that was lost is opened once more.
  const run = async (work, again = true) => {
    try {
      const transaction = (await open()).transaction(STORE, "readwrite");
      const asked = work(transaction.objectStore(STORE));
      return await new Promise((done, failed) => {
        transaction.oncomplete = () => done(asked.result);
        transaction.onabort = () => failed(transaction.error);
      });
    } catch (problem) {
      base = null;
      if (again) return run(work, false);
      throw problem;
    }
  };
  const all = async () => {
    const entries = await run((store) => store.getAll());
    const old = entries.filter(({ at, off, alarm }) => !off && !alarm && Date.now() - at > WEEK);
    for (const { form } of old) await run((store) => store.delete(form));
    return entries.filter((entry) => !old.includes(entry));
  };
  // Changes an entry only while it is the one that was sent: what was added since stays.
  const after = (sent, change) => run((store) => {
    const asked = store.get(sent.form);
    asked.onsuccess = () => {
      if (asked.result && asked.result.at === sent.at) change(store, asked.result);
    };
    return asked;
  });
  return {
    all,
    put: (entry) => run((store) => store.put(entry)),
    drop: (form) => run((store) => store.delete(form)),
    arrived: (sent) => after(sent, (store) => store.delete(sent.form)),
    told: (sent) => after(sent, (store, entry) => store.put({ ...entry, alarm: false })),
    // The server counts back from when it has them.
    send: (entry, where) => {
      const waited = Math.max(0, Math.round((Date.now() - entry.at) / 1000));
      return fetch(where, {
        method: "POST", redirect: "manual", keepalive: true,
        body: new URLSearchParams([...entry.fields, ["waited", String(waited)]]),
        headers: { "X-Annulus-Fetch": "1" }, signal: AbortSignal.timeout(WAIT),
      });
    },
    // What only the clinic's server says no with. Anything else is a network in between, or a
    // server that is busy or away: it is sent again.
    refuses: (answer) => [400, 403, 404, 410, 413, 422].includes(answer.status),
  };
})();
