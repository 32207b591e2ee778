// After a first visit the playground works without a network: what was read is kept, and given
// where nothing can be fetched. With a network everything is fetched, so that nothing gets old.
const KEPT = "playground";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

const fetched = async (request) => {
  const response = await fetch(request);
  if (response.ok) {
    const kept = await caches.open(KEPT);
    await kept.put(request, response.clone());
  }
  return response;
};

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || !request.url.startsWith(self.registration.scope)) {
    return;
  }
  event.respondWith(
    fetched(request).catch(async (error) => {
      const kept = await caches.match(request, { ignoreVary: true });
      if (!kept) {
        throw error;
      }
      return kept;
    }),
  );
});

// What the page had read before this worker was there.
self.addEventListener("message", (event) => {
  const kept = Promise.all(event.data.map((url) => fetched(new Request(url)).catch(() => null)));
  event.waitUntil(kept.then(() => event.source.postMessage("kept")));
});
