// Loaded by the local Slack before itself (BUN_OPTIONS=--preload). As shipped it listens on every interface and takes
// orders from any web page; with this it is closed to other machines and pages, and its own page gets page.html.
import { suggest, withChoices, withForms } from "./forms.js";

const page = await Bun.file(`${import.meta.dir}/page.html`).text();
const serve = Bun.serve;

function isForeign(request, port) {
  const host = request.headers.get("host");
  const origin = request.headers.get("origin");
  const isOurs = host === `127.0.0.1:${port}` || host === `localhost:${port}`;
  return !isOurs || (origin !== null && origin !== `http://${host}`);
}

async function withPage(response) {
  const headers = new Headers(response.headers);
  headers.delete("content-length");
  headers.set("content-security-policy", "frame-ancestors 'none'");
  headers.set("cache-control", "no-store"); // another playground may have had this port
  const html = await response.text();
  return new Response(withForms(html).replace("</head>", () => `${page}</head>`), { status: response.status, headers });
}

Bun.serve = (options) =>
  serve({
    ...options,
    hostname: "127.0.0.1",
    websocket: withChoices(options.websocket),
    async fetch(request, server) {
      if (isForeign(request, server.port)) return new Response("forbidden", { status: 403 });
      if (new URL(request.url).pathname === "/_suggestions") return Response.json(await suggest(await request.json()));
      const response = await options.fetch.call(this, request, server);
      const isPage = response?.headers.get("content-type")?.includes("text/html");
      return isPage ? withPage(response) : response;
    },
  });
