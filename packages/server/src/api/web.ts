/** The web app, as it was built; or a page that says how to build it. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

/** Vite puts a hash of the content into these names. */
const HASHED = /[/\\]assets[/\\]/
const yearSeconds = 31_536_000

export interface WebApp {
  /** Answers a request that nothing else answers; false where that is not the web app's to do. */
  answer(request: FastifyRequest, reply: FastifyReply): boolean
}

export async function serveWebApp(app: FastifyInstance, folder: string): Promise<WebApp> {
  if (!existsSync(join(folder, 'index.html'))) return explain()
  await app.register(fastifyStatic, {
    root: folder,
    cacheControl: false,
    dotfiles: 'ignore',
    setHeaders(reply, path) {
      const caching = HASHED.test(path) ? `public, max-age=${yearSeconds}, immutable` : 'no-cache'
      reply.header('cache-control', caching)
    },
  })
  return {
    answer(request, reply) {
      if (!isPage(request)) return false
      reply.sendFile('index.html')
      return true
    },
  }
}

/** A place inside the app, which its own router knows; not a file that is missing. */
function isPage({ method, url, headers }: FastifyRequest): boolean {
  const path = url.split('?', 1)[0] ?? ''
  const wantsHtml = headers.accept?.includes('text/html') === true
  return /^(GET|HEAD)$/.test(method) && wantsHtml && !/\.[^/]*$/.test(path)
}

function explain(): WebApp {
  return {
    answer(request, reply) {
      if (!isPage(request)) return false
      reply.type('text/html; charset=utf-8').header('cache-control', 'no-cache').send(UNBUILT)
      return true
    },
  }
}

const UNBUILT = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Madang</title>
<h1>Madang is running</h1>
<p>The web app is not built yet. In the folder of Madang, run <code>npm run build</code>, and start the server again.</p>
<ul>
<li><a href="/api/docs">The HTTP API, to read and to try</a></li>
<li><a href="/health/readiness">Health</a></li>
<li><a href="/metrics">Metrics</a></li>
</ul>
`
