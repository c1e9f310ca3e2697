import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'

/** A package that a client published: its manifest, and the size of its tarball in bytes. */
export type Published = { manifest: PublishedManifest; bytes: number }
export type PublishedManifest = {
  name: string
  version: string
  dependencies?: Readonly<Record<string, string>>
  [key: string]: unknown
}

export type LoopbackRegistry = {
  url: string
  published: readonly Published[]
  close(): Promise<void>
}

type PublishRequest = {
  versions: Record<string, PublishedManifest>
  _attachments: Record<string, { data: string }>
}

/** Starts an npm registry on loopback that has no packages, and keeps what is published to it. */
export async function startRegistry(): Promise<LoopbackRegistry> {
  const published: Published[] = []
  const server = createServer((request, response) => {
    const respond = (status: number, body: unknown): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    }
    if (request.method !== 'PUT') {
      const path = decodeURIComponent(request.url ?? '/').slice(1)
      const found = published.filter(({ manifest }) => manifest.name === path)
      if (found.length === 0) respond(404, { error: 'Not found' })
      else {
        const versions = found.map(({ manifest }) => [manifest.version, manifest])
        respond(200, { name: path, versions: Object.fromEntries(versions) })
      }
      return
    }
    void json(request).then((body) => {
      const { versions, _attachments: files } = body as PublishRequest
      const bytes = Object.values(files).reduce(
        (sum, { data }) => sum + Buffer.from(data, 'base64').byteLength,
        0,
      )
      for (const manifest of Object.values(versions)) published.push({ manifest, bytes })
      respond(201, { ok: true })
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    published,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
