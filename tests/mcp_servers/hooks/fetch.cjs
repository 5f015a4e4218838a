// Loaded by a Node server under test (by its NODE_OPTIONS): Node 20 takes no proxy from the environment, so what is fetched
// from anywhere goes to the stand-in, with the same path.
const real = globalThis.fetch
globalThis.fetch = (resource, options) => {
  const asked = new URL(typeof resource === 'string' ? resource : (resource.url ?? resource.href))
  return real(new URL(asked.pathname + asked.search, process.env.STAND_IN), options)
}
